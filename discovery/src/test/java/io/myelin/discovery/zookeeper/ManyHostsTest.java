package io.myelin.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.zookeeper.SimulatedHost.CountingSink;
import io.myelin.model.RandomSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Ten thousand hosts that follow one service of one ensemble, in virtual time. */
class ManyHostsTest {
    private static final String PARENT = "/web";
    private static final int HOSTS = 10_000;
    private static final int INSTANCES = 12;
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofSeconds(5);

    private final VirtualTime time = new VirtualTime();
    private final SimulatedEnsemble ensemble = new SimulatedEnsemble(time, PARENT);
    private final RandomSource random = new Random(4)::nextInt;
    private final List<CountingSink> sinks = new ArrayList<>();

    @Test
    void jitterSpreadsTheReadsOfADeployAndMakesThemNoMore() {
        Duration window = Duration.ofSeconds(30);
        start(window);
        assertThat(ensemble.reads()).isEqualTo((long) HOSTS * INSTANCES);
        assertThat(ensemble.lists()).isEqualTo(HOSTS);

        replace(0);
        time.pass(MOMENT);
        assertThat(ensemble.reads()).isEqualTo((long) HOSTS * (INSTANCES + 1));
        Duration firstChange = Duration.ofNanos(time.nanoTime());
        for (int instance = 1; instance < INSTANCES; instance++) {
            time.pass(STEP);
            replace(instance);
        }
        time.pass(window.multipliedBy(2));

        assertThat(sinks).allMatch(sink -> sink.endpoints() == INSTANCES);
        assertThat(ensemble.reads()).isEqualTo((long) HOSTS * INSTANCES * 2);
        assertThat(ensemble.lists()).isEqualTo(HOSTS);
        double changesInTwoWindows = (double) window.multipliedBy(2).toSeconds() / STEP.toSeconds();
        double bound = HOSTS * changesInTwoWindows / window.toSeconds();
        assertThat(ensemble.mostReadsInASecondAfter(firstChange)).isLessThanOrEqualTo((int) (bound * 1.2));
    }

    @Test
    void withoutJitterEveryHostReadsEachChangeAtOnce() {
        start(Duration.ZERO);
        Duration started = Duration.ofNanos(time.nanoTime());

        replace(0);
        time.pass(MOMENT);

        assertThat(ensemble.reads()).isEqualTo((long) HOSTS * (INSTANCES + 1));
        assertThat(ensemble.mostReadsInASecondAfter(started.minus(MOMENT))).isEqualTo(HOSTS);
    }

    private void start(Duration window) {
        for (int instance = 0; instance < INSTANCES; instance++) {
            ensemble.put("old" + instance + "_1", Registry.json("old", 1 + instance));
        }
        for (int host = 0; host < HOSTS; host++) {
            CountingSink sink = new CountingSink();
            sinks.add(sink);
            new SimulatedHost(ensemble, time, PARENT, window, random, sink).start();
        }
        time.pass(MOMENT);
    }

    /** Deploys one instance: the new one registers, the old one goes. */
    private void replace(int instance) {
        ensemble.put("new" + instance + "_2", Registry.json("new", 1_001 + instance));
        ensemble.delete("old" + instance + "_1");
    }
}

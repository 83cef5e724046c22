package io.myelin.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.testing.RecordingSink;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Following with a jitter of 30 seconds, in virtual time. */
class PacedFollowingTest {
    private static final String PARENT = "/web";
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final SimulatedEnsemble ensemble = new SimulatedEnsemble(time, PARENT);
    private final RecordingSink sink = new RecordingSink();
    private final SimulatedHost host =
            new SimulatedHost(ensemble, time, PARENT, WINDOW, bound -> Math.min(bound - 1, 10_000), sink);

    @BeforeEach
    void beginWithTwo() {
        ensemble.put("a_1", Registry.json("a", 1));
        host.start();
        time.pass(MOMENT);
        ensemble.put("b_2", Registry.json("b", 2));
        time.pass(MOMENT);
    }

    @Test
    void theFirstChangeIsReadAtOnce() {
        assertThat(sink.addresses()).containsExactly("127.0.0.1:1", "127.0.0.1:2");
        assertThat(ensemble.reads()).isEqualTo(2);
    }

    @Test
    void whatFollowsIsReadTogetherAfterTheWindowAndItsSpread() {
        for (int port = 3; port <= 20; port++) {
            ensemble.put("c_3", Registry.json("c", port));
            time.pass(MOMENT);
        }
        ensemble.put("never_4", Registry.json("never", 4));
        ensemble.delete("never_4");
        ensemble.delete("a_1");
        time.pass(WINDOW.plusSeconds(10).minus(MOMENT.multipliedBy(20)));
        assertThat(sink.addresses()).containsExactly("127.0.0.1:1", "127.0.0.1:2");

        time.pass(MOMENT.multipliedBy(2));

        assertThat(sink.addresses()).containsExactly("127.0.0.1:2", "127.0.0.1:20");
        assertThat(ensemble.reads()).isEqualTo(3);
        assertThat(ensemble.lists()).isEqualTo(1);
        assertThat(sink.sets()).hasSize(3);
    }

    @Test
    void aChildThatWasDeletedAndCreatedInTheMeantimeIsReadAgain() {
        ensemble.delete("a_1");
        ensemble.put("a_1", Registry.json("a", 9));
        time.pass(WINDOW.multipliedBy(2));

        assertThat(sink.addresses()).containsExactly("127.0.0.1:2", "127.0.0.1:9");
        assertThat(ensemble.reads()).isEqualTo(3);
    }

    @Test
    void aChangeAfterAQuietWindowIsReadAtOnce() {
        time.pass(WINDOW);

        ensemble.put("c_3", Registry.json("c", 3));
        time.pass(MOMENT);

        assertThat(sink.addresses()).hasSize(3);
    }
}

package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.model.RandomSource;
import io.myelin.testing.QueuedExecutor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an event costs, counted in bytes: whatever walks over something larger leaves something behind. */
class PoolScaleTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final HealthVerdict FAILING = new HealthVerdict(State.FAILING, "connect refused", 5);
    private static final HealthVerdict PASSING = new HealthVerdict(State.PASSING, "connected in 0 ms", 6);
    private static final int EVENTS = 200;

    private final QueuedExecutor control = new QueuedExecutor();

    @Test
    void anEventInOnePoolCostsTheSameAmongThousands() {
        Pool alone = pools(1).get(0);
        long cost = leastCost(alone);
        Pool oneOfMany = pools(2_000).get(1_000);

        assertThat(leastCost(oneOfMany)).isLessThan(cost + cost / 2);
    }

    @Test
    void anEventInAPoolOfThousandsLeavesAPlaceInAFewListsPerMember() {
        Pool small = pool("small", 1_000);
        Pool large = pool("large", 10_000);

        assertThat(leastCost(large)).isLessThan(12 * leastCost(small)).isLessThan(10_000 * 150);
    }

    private List<Pool> pools(int count) {
        List<Pool> pools = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pools.add(pool("service" + i, 3));
        }
        return pools;
    }

    private Pool pool(String name, int members) {
        Pool pool = new Pool(PoolConfig.named(name), control, Clock.SYSTEM, RandomSource.SYSTEM, 2);
        List<Endpoint> endpoints = IntStream.range(0, members)
                .mapToObj(i -> Endpoint.of("m" + i, "10.0." + (i >> 8) + "." + (i & 255), 80))
                .toList();
        pool.replace(new EndpointSet(name, endpoints, "test"));
        control.runAll();
        return pool;
    }

    /** Returns the bytes allocated by one event, from its report to its snapshot, in the cheapest of many. */
    private long leastCost(Pool pool) {
        Endpoint endpoint = pool.snapshot().members().get(0).endpoint();
        long least = Long.MAX_VALUE;
        for (int event = 0; event < EVENTS; event++) {
            long version = pool.snapshot().version();
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            pool.onVerdict(endpoint.id(), event % 2 == 0 ? FAILING : PASSING);
            control.runAll();
            least = Math.min(
                    least,
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
            assertThat(pool.snapshot().version()).isEqualTo(version + 1);
        }
        return least;
    }
}

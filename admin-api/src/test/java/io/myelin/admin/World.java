package io.myelin.admin;

import io.myelin.balance.Member.AdminState;
import io.myelin.balance.Slots;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import io.myelin.pool.MembershipRules;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.Waiter;
import io.myelin.pool.WaitingLine;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.util.List;
import java.util.Map;

/** Real pools, turned by hand. */
final class World {
    static final Endpoint UP = Endpoint.of("a", "10.0.0.1", 80).withLabels(Map.of("zone", "east"));
    static final Endpoint DOWN = Endpoint.of("b", "10.0.0.2", 80);
    static final Endpoint RESTING = Endpoint.of("c", "10.0.0.3", 80);
    static final Endpoint WEIGHTLESS = Endpoint.of("d", "10.0.0.4", 80).withWeight(0);
    static final Endpoint BACKUP = Endpoint.of("e", "::1", 80).withBackup(true).withOptions("check");
    static final int LOOPS = 2;
    private static final MembershipRules REGISTRY_WEIGHTS =
            new MembershipRules(List.of(), false, true, null, 1, true, false);

    final FakeProcess process = new FakeProcess();
    final FakeClock clock = new FakeClock();
    final QueuedExecutor control = new QueuedExecutor();

    /** Adds a pool that nothing was delivered to. */
    Pool pool(String name) {
        PoolConfig config =
                PoolConfig.named(name).with().membership(REGISTRY_WEIGHTS).build();
        Pool pool = new Pool(config, control, clock, RandomSource.SYSTEM, LOOPS);
        process.serve(pool);
        return pool;
    }

    /** Adds a pool whose only member may have one request at once, and seven may wait. */
    Pool narrowPool(String name) {
        PoolConfig config = PoolConfig.named(name)
                .with()
                .queue(new QueueConfig(1, Slots.UNLIMITED, 7, null))
                .build();
        Pool pool = new Pool(config, control, clock, RandomSource.SYSTEM, LOOPS);
        process.serve(pool);
        deliver(pool, UP);
        return pool;
    }

    /** Gives the only member of a narrow pool what it can take, and lets one more wait. */
    void fill(Pool pool) {
        Slots slots = pool.snapshot().members().get(0).slots();
        WaitingLine line = pool.snapshot().line();
        if (slots == null || line == null || !slots.tryTake()) {
            throw new AssertionError("no room to begin with");
        }
        line.join(
                new Waiter(Runnable::run, new Patient(), pool.snapshot().version(), clock.nanoTime(), null, List.of()));
    }

    /** One who waits whatever comes. */
    private static final class Patient implements Waiter.Outcome {
        @Override
        public void onTurn(Slots slot) {}

        @Override
        public void onMembersChanged() {}

        @Override
        public void onRefused() {}
    }

    void deliver(Pool pool, Endpoint... endpoints) {
        pool.replace(new EndpointSet(pool.name(), List.of(endpoints), "registry revision 7"));
        control.runAll();
    }

    void source(Pool pool, SourceStatus.State state, long syncedMillis, String error) {
        pool.status(new SourceStatus("zookeeper zk:2181 /web", state, clock.wallMillis(), syncedMillis, error));
        control.runAll();
    }

    void judge(Pool pool, Endpoint endpoint, HealthVerdict.State state, String reason) {
        pool.onVerdict(endpoint.id(), new HealthVerdict(state, reason, clock.wallMillis()));
        control.runAll();
    }

    /** Adds a pool that has a member in every state. */
    Pool mixedPool(String name) {
        Pool pool = pool(name);
        deliver(pool, UP, DOWN, RESTING, WEIGHTLESS, BACKUP);
        judge(pool, UP, HealthVerdict.State.PASSING, "http 200 in 2 ms");
        judge(pool, DOWN, HealthVerdict.State.FAILING, "http 500 in 3 ms");
        pool.rest(RESTING.id(), AdminState.DRAIN);
        control.runAll();
        return pool;
    }
}

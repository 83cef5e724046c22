package io.myelin.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Slots;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.QueueConfig;
import io.myelin.route.Numbers.Range;
import io.myelin.route.PoolCondition.Measure;
import io.myelin.route.RouteConfig.Route;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PoolConditionTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80).withBackup(true);
    private static final HealthVerdict FAILING = new HealthVerdict(HealthVerdict.State.FAILING, "refused", 5);

    private final QueuedExecutor control = new QueuedExecutor();
    private final Pool near = pool(PoolConfig.named("near"));
    private final Pool far = pool(PoolConfig.named("far"));

    @Test
    void aRouteFollowsWhatAnotherPoolHasToOffer() {
        RouteTable table = table(atLeast(Measure.MEMBERS, 1));
        deliver(near);
        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(far);

        deliver(near, A);
        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(near);

        near.onVerdict(A.id(), FAILING);
        control.runAll();
        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(far);
    }

    @Test
    void backupsCountWhenTheyWouldServe() {
        RouteTable table = table(atLeast(Measure.MEMBERS, 1));
        deliver(near, A, B);
        near.onVerdict(A.id(), FAILING);
        control.runAll();

        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(near);
    }

    @Test
    void aPoolIsAskedWhereverItStandsInACondition() {
        PoolCondition up = atLeast(Measure.MEMBERS, 1);
        Condition when = new Condition.All(
                List.of(new Condition.Any(List.of(up, Condition.NEVER)), new Condition.Not(new Condition.Not(up))));
        RouteTable table = table(when);
        deliver(near, A);

        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(near);
        assertThat(ConditionParts.askConnectionOnly(when)).isTrue();
    }

    @Test
    void aPoolThatIsNotThereHasNothingToOffer() {
        RouteTable table = RouteTable.of(
                new RouteConfig(
                        List.of(new Route(
                                new Condition.Not(atLeast(Measure.MEMBERS, 1).on("gone")), "near")),
                        "far"),
                Map.of("near", near, "far", far));

        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(near);
    }

    @Test
    void freeSlotsAreThoseOfMembersAndTheirLines() {
        near.reconfigure(PoolConfig.named("near").with().queue(limits(2, 1)).build());
        RouteTable table = table(atLeast(Measure.FREE_SLOTS, 2));
        deliver(near, A);
        Slots slots = Objects.requireNonNull(near.snapshot().members().get(0).slots());

        assertThat(slots.tryTake()).isTrue();
        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(near);
        assertThat(slots.tryTake()).isTrue();
        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(far);
        slots.giveBack();
        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(near);
    }

    @Test
    void freeSlotsWithoutLimitsAreLessThanNone() {
        RouteTable table =
                table(new PoolCondition(Measure.FREE_SLOTS, "near", new Numbers(List.of(new Range(-1, -1)))));
        deliver(near, A);
        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(near);

        near.reconfigure(PoolConfig.named("near")
                .with()
                .queue(limits(2, Slots.UNLIMITED))
                .build());
        control.runAll();
        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(near);

        near.reconfigure(PoolConfig.named("near").with().queue(limits(2, 5)).build());
        control.runAll();
        assertThat(table.route(TestRequest.toPath("/"))).isSameAs(far);
    }

    private static QueueConfig limits(int connections, int waiting) {
        return QueueConfig.UNLIMITED
                .with()
                .maxConnections(connections)
                .maxWaiting(waiting)
                .build();
    }

    private static PoolCondition atLeast(Measure measure, long least) {
        return new PoolCondition(measure, "near", new Numbers(List.of(new Range(least, Long.MAX_VALUE))));
    }

    private RouteTable table(Condition when) {
        return RouteTable.of(
                new RouteConfig(List.of(new Route(when, "near")), "far"), Map.of("near", near, "far", far));
    }

    private void deliver(Pool pool, Endpoint... endpoints) {
        pool.replace(new EndpointSet(pool.name(), List.of(endpoints), "test"));
        control.runAll();
    }

    private Pool pool(PoolConfig config) {
        return new Pool(config, control, new FakeClock(), bound -> 0, 1);
    }
}

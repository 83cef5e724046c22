package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.balance.Member;
import io.myelin.balance.Pick;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.pool.Lineup.Order;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineupTest {
    private static final List<Endpoint> DELIVERED = List.of(endpoint("c"), endpoint("a"), endpoint("d"), endpoint("b"));

    private final QueuedExecutor control = new QueuedExecutor();

    @Test
    void membersStandInTheOrderThatIsAskedFor() {
        assertThat(names(new Lineup(Order.AS_DELIVERED, 0, 9))).isEqualTo("cadb");
        assertThat(names(new Lineup(Order.ASCENDING, 0, 9))).isEqualTo("abcd");
        assertThat(names(new Lineup(Order.DESCENDING, 0, 9))).isEqualTo("dcba");
    }

    @Test
    void aSeedIsOneOrderEverywhere() {
        Set<String> orders = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            Lineup lineup = new Lineup(Order.SHUFFLED, seed, 9);
            orders.add(names(lineup));
            assertThat(lineup.arrange(List.of(endpoint("b"), endpoint("d"), endpoint("a"), endpoint("c"))))
                    .isEqualTo(lineup.arrange(DELIVERED));
        }

        assertThat(orders).hasSizeGreaterThan(10);
    }

    @Test
    void whoComesOrGoesDoesNotMoveTheOthers() {
        Lineup lineup = new Lineup(Order.SHUFFLED, 7, 9);
        List<Endpoint> some = new ArrayList<>(lineup.arrange(
                IntStream.range(0, 50).mapToObj(i -> endpoint("m" + i)).toList()));
        some.remove(17);

        assertThat(lineup.arrange(some.stream()
                        .sorted((a, b) -> a.name().compareTo(b.name()))
                        .toList()))
                .isEqualTo(some);
    }

    @Test
    void turnsAndPreferencesFollowTheOrder() {
        Pool turns = pool(Policy.ROUND_ROBIN, Order.DESCENDING);
        StringBuilder taken = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            taken.append(pick(turns));
        }
        assertThat(taken.toString()).contains("dcba");
        assertThat(pick(pool(Policy.FIRST, Order.DESCENDING))).isEqualTo("d");
        assertThat(pick(pool(Policy.FIRST, Order.ASCENDING))).isEqualTo("a");
    }

    @Test
    void numbersAreTheLowestThatAreFree() {
        Pool pool = pool(Policy.ROUND_ROBIN, Order.ASCENDING);
        assertThat(numbers(pool)).containsExactly("a2", "b4", "c1", "d3");

        deliver(
                pool,
                List.of(
                        endpoint("b"),
                        endpoint("c"),
                        endpoint("e"),
                        endpoint("f").withOptions("id 12 backup")));
        assertThat(numbers(pool)).containsExactly("b4", "c1", "e2", "f12");

        deliver(
                pool,
                List.of(
                        endpoint("b"),
                        endpoint("e").withOptions("id 4"),
                        endpoint("f").withOptions("id 12")));
        assertThat(numbers(pool)).containsExactly("b1", "e4", "f12");
    }

    @Test
    void numbersRunOut() {
        Pool pool = pool(Policy.ROUND_ROBIN, Order.ASCENDING);
        pool.reconfigure(PoolConfig.named("p")
                .with()
                .lineup(new Lineup(Order.ASCENDING, 0, 2))
                .build());
        control.runAll();

        assertThat(numbers(pool)).containsExactly("a2", "b0", "c1", "d0");
    }

    private static List<String> numbers(Pool pool) {
        return pool.snapshot().members().stream()
                .map(member -> member.endpoint().name() + member.number())
                .toList();
    }

    private static String names(Lineup lineup) {
        StringBuilder names = new StringBuilder();
        lineup.arrange(DELIVERED).forEach(endpoint -> names.append(endpoint.name()));
        return names.toString();
    }

    private static String pick(Pool pool) {
        Member member = pool.snapshot().picker().pick(Pick.ANY);
        return member == null ? "none" : member.endpoint().name();
    }

    private Pool pool(Policy policy, Order order) {
        PoolConfig config = PoolConfig.named("p")
                .with()
                .balance(new BalanceConfig(policy, 2))
                .lineup(new Lineup(order, 0, 99))
                .build();
        Pool pool = new Pool(config, control, new FakeClock(), bound -> 0, 1);
        deliver(pool, DELIVERED);
        return pool;
    }

    private void deliver(Pool pool, List<Endpoint> endpoints) {
        pool.replace(new EndpointSet("p", endpoints, "test"));
        control.runAll();
    }

    private static Endpoint endpoint(String name) {
        return Endpoint.of(name, "10.0.0.1", 80);
    }
}

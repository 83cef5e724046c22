package io.myelin.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.RouteConfig.Route;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private final Pool api = pool("api");
    private final Pool web = pool("web");
    private final Map<String, Pool> pools = Map.of("api", api, "web", web);

    @Test
    void theFirstRouteThatHoldsWins() {
        RouteTable table = RouteTable.of(
                new RouteConfig(List.of(under("/a", "api"), under("/a/b", "web"), under("/c", "web")), null), pools);

        assertThat(table.route(TestRequest.toPath("/a/b"))).isSameAs(api);
        assertThat(table.route(TestRequest.toPath("/c"))).isSameAs(web);
    }

    @Test
    void whatNoRouteTakesGoesToTheDefault() {
        RouteTable table = RouteTable.of(new RouteConfig(List.of(under("/a", "api")), "web"), pools);

        assertThat(table.route(TestRequest.toPath("/b"))).isSameAs(web);
    }

    @Test
    void withoutADefaultNothingTakesIt() {
        RouteTable table = RouteTable.of(new RouteConfig(List.of(under("/a", "api")), null), pools);

        assertThat(table.route(TestRequest.toPath("/b"))).isNull();
    }

    @Test
    void aTableWithoutRoutesHasOnlyOnePool() {
        assertThat(RouteTable.of(RouteConfig.to("web"), pools).only()).isSameAs(web);
        assertThat(RouteTable.of(RouteConfig.to("web"), pools).route(TestRequest.toPath("/")))
                .isSameAs(web);
        assertThat(RouteTable.of(new RouteConfig(List.of(under("/", "api")), "web"), pools)
                        .only())
                .isNull();
        assertThat(RouteTable.of(new RouteConfig(List.of(), null), pools).only())
                .isNull();
    }

    @Test
    void refusesAPoolThatDoesNotExist() {
        assertThatThrownBy(() -> RouteTable.of(RouteConfig.to("nowhere"), pools))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("route to pool nowhere (expected: the name of a service)");
        assertThatThrownBy(() -> RouteTable.of(new RouteConfig(List.of(under("/", "nowhere")), "web"), pools))
                .hasMessageContaining("nowhere");
    }

    private static Route under(String path, String pool) {
        return new Route(new Text(Part.PATH, Match.SEGMENTS, false, List.of(path)), pool);
    }

    private static Pool pool(String name) {
        return new Pool(PoolConfig.named(name), new QueuedExecutor(), new FakeClock(), RandomSource.SYSTEM, 1);
    }
}

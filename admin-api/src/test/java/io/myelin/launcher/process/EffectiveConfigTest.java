package io.myelin.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.admin.BrokenService;
import io.myelin.config.LoadedConfig;
import io.myelin.config.MyelinConfig;
import io.myelin.config.Problem;
import io.myelin.config.Problem.Severity;
import io.myelin.config.ReloadConfig;
import io.myelin.config.ServiceConfig;
import io.myelin.config.operator.OperatorConfig;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.http.HttpRules;
import io.myelin.model.Protocol;
import io.myelin.pool.PoolConfig;
import io.myelin.route.Condition;
import io.myelin.route.RouteConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {
    private static final ServiceConfig WEB = service("web", 3213);
    private static final ServiceConfig API = service("api", 3214);
    private static final Problem PROBLEM =
            new Problem(Severity.ERROR, "a.yaml", 7, 3, "services.web.port", "is text", "a number", "web");

    @Test
    void aServiceThatBrokeKeepsTheVersionThatRuns() {
        EffectiveConfig effective = EffectiveConfig.of(List.of(WEB), broken("web", List.of(API)));

        assertThat(effective.services()).containsExactly(API, WEB);
        assertThat(effective.broken()).containsExactly(new BrokenService("web", List.of(PROBLEM.toString())));
    }

    @Test
    void aServiceThatNeverWorkedIsLeftOut() {
        EffectiveConfig effective = EffectiveConfig.of(List.of(), broken("web", List.of(API)));

        assertThat(effective.services()).containsExactly(API);
        assertThat(effective.broken()).extracting(BrokenService::name).containsExactly("web");
    }

    @Test
    void aServiceThatIsNoLongerNamedEnds() {
        LoadedConfig loaded = new LoadedConfig(config(List.of(API), List.of()), List.of(), List.of());

        assertThat(EffectiveConfig.of(List.of(WEB, API), loaded).services()).containsExactly(API);
    }

    @Test
    void requestsForABrokenServiceReachAnEmptyPoolAndNoOther() {
        ListenerConfig frontend = ListenerConfig.of(
                "shared",
                List.of(new BindAddress("127.0.0.1", 8080)),
                Protocol.HTTP,
                new RouteConfig(List.of(new RouteConfig.Route(Condition.ALWAYS, "web")), "api"));
        LoadedConfig loaded =
                new LoadedConfig(config(List.of(API), List.of(frontend)), List.of(PROBLEM), List.of("web"));

        EffectiveConfig effective = EffectiveConfig.of(List.of(), loaded);

        assertThat(effective.proxy().pools()).containsExactly(API.pool(), PoolConfig.named("web"));
        assertThat(effective.proxy().listeners()).containsExactly(API.listener(), frontend);
    }

    private static LoadedConfig broken(String name, List<ServiceConfig> usable) {
        return new LoadedConfig(config(usable, List.of()), List.of(PROBLEM), List.of(name));
    }

    private static MyelinConfig config(List<ServiceConfig> services, List<ListenerConfig> frontends) {
        return new MyelinConfig(
                services, frontends, MyelinConfig.DEFAULT_ADMIN, 0, ReloadConfig.OFF, OperatorConfig.NONE);
    }

    private static ServiceConfig service(String name, int port) {
        ListenerConfig listener = ListenerConfig.of(
                name, List.of(new BindAddress("127.0.0.1", port)), Protocol.HTTP, RouteConfig.to(name));
        return new ServiceConfig(
                name, new DiscoveryConfig.Fixed(), PoolConfig.named(name), null, listener, HttpRules.NONE);
    }
}

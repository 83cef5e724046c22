package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.ServiceConfig;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.multi.MultiConfig;
import io.myelin.discovery.multi.MultiConfig.Child;
import io.myelin.discovery.multi.ResolverConfig.Nobody;
import io.myelin.discovery.multi.ResolverConfig.Sequential;
import io.myelin.discovery.multi.ResolverConfig.Toggle;
import io.myelin.discovery.multi.ResolverConfig.Union;
import io.myelin.model.Endpoint;
import io.myelin.pool.ChildRules;
import io.myelin.pool.LabelFilter;
import io.myelin.pool.PortOverride;
import io.myelin.pool.Selection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services with several sources. */
@NullMarked
class MultiKeysTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void discoveryIsThePrimaryOfDiscoveryMulti() {
        ServiceConfig service = files.service("""
                services:
                  web:
                    port: 1
                    default_servers: ["h:9"]
                    keep_default_servers: true
                    backend_port_override: "+1"
                    leader_election: true
                    discovery: {method: base, label_filters: [{label: a, value: b, condition: equals}]}
                    discovery_multi:
                      resolver: {method: union}
                      watchers: {other: {method: zookeeper, path: /p, hosts: ["h:1"]}}
                """);

        MultiConfig multi = multi(service);
        assertThat(multi.resolver()).isEqualTo(new Union());
        assertThat(multi.children()).extracting(Child::name).containsExactly("other", "primary");
        assertThat(multi.children().get(1).discovery()).isEqualTo(new DiscoveryConfig.Fixed());
        ChildRules primary = (ChildRules) multi.children().get(1).rules();
        ChildRules other = (ChildRules) multi.children().get(0).rules();
        assertThat(primary.selection()).isEqualTo(new Selection(List.of(new LabelFilter("a", "b", true)), true));
        assertThat(other.selection()).isEqualTo(new Selection(List.of(), true));
        assertThat(other.membership().portOverride()).isEqualTo(PortOverride.by(1));
        assertThat(other.membership().folded()).isFalse();
    }

    @Test
    void thePoolTakesWhatTheSourcesMadeOfTheirEndpoints() {
        ServiceConfig service = files.service("""
                services:
                  web:
                    port: 1
                    default_servers: ["h:9"]
                    keep_default_servers: true
                    backend_port_override: 7
                    discovery:
                      method: multi
                      resolver: {method: union}
                      watchers: {one: {method: base}}
                """);

        assertThat(service.pool().selection()).isEqualTo(Selection.ALL);
        Endpoint discovered = Endpoint.of("a", "h", 5);
        assertThat(service.pool().membership().fold(List.of(), List.of(discovered)))
                .containsExactly(discovered);
        assertThat(service.pool().membership().fold(List.of(discovered), List.of()))
                .isEmpty();
        assertThat(service.pool().membership().initial()).containsExactly(Endpoint.of("", "h", 9));
    }

    @Test
    void anOrderNamesEveryWatcher() {
        assertThat(multi(files.service(yaml("method: sequential, sequential_order: [two, one]")))
                        .resolver())
                .isEqualTo(new Sequential(List.of("two", "one")));
    }

    @Test
    void fallbackIsSequentialWithThePrimaryFirst() {
        assertThat(multi(files.service(yaml("method: fallback"))).resolver())
                .isEqualTo(new Sequential(List.of("one", "two")));
        assertThat(multi(files.service(yaml("method: fallback").replace("two:", "primary:")))
                        .resolver())
                .isEqualTo(new Sequential(List.of("primary", "one")));
        assertThat(multi(files.service(yaml("method: fallback, sequential_order: [two, one]")))
                        .resolver())
                .isEqualTo(new Sequential(List.of("two", "one")));
    }

    @Test
    void aToggleIsAnObjectAndAnInterval() {
        assertThat(multi(files.service(
                                yaml("method: s3_toggle, s3_url: 's3://b/k/l.yaml', s3_polling_interval_seconds: 1.5")))
                        .resolver())
                .isEqualTo(new Toggle("b", "k/l.yaml", Duration.ofMillis(1500)));
    }

    @Test
    void baseIsUsableAndWarnsThatNobodyServes() {
        assertThat(multi(files.service(yaml("method: base"))).resolver()).isEqualTo(new Nobody());
        assertThat(files.problems(yaml("method: base")))
                .anyMatch(problem -> problem.endsWith(
                        "warning: services.web.discovery.resolver.method: base: no watcher serves, so the pool stays"
                                + " empty"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method: sequential | resolver: has no sequential_order (expected: the names of all watchers, in order)",
                "method: sequential, sequential_order: [one] | resolver.sequential_order: does not contain two (expected: each of one, two once)",
                "method: sequential, sequential_order: [one, two, x] | resolver.sequential_order: has unknown watcher x (expected: each of one, two once)",
                "method: sequential, sequential_order: [one, two, one] | resolver.sequential_order: names a watcher twice (expected: each of one, two once)",
                "method: magic | resolver.method: magic (expected: union, sequential, s3_toggle, fallback or base)",
                "sequential_order: [one, two] | resolver: has no method (expected: union, sequential, s3_toggle, fallback or base)",
                "method: union, order: [] | resolver.order: unknown key (expected: one of method, sequential_order, s3_url, s3_polling_interval_seconds)",
                "method: s3_toggle, s3_url: 's3://b/k' | resolver: has no s3_polling_interval_seconds (expected: s3_url and s3_polling_interval_seconds)",
                "method: s3_toggle, s3_url: 'http://b/k', s3_polling_interval_seconds: 1 | resolver.s3_url: http://b/k (expected: s3://BUCKET/KEY)",
                "method: s3_toggle, s3_url: 's3://b/', s3_polling_interval_seconds: 1 | resolver.s3_url: s3://b/ (expected: s3://BUCKET/KEY)",
                "method: s3_toggle, s3_url: 's3://b/k', s3_polling_interval_seconds: 0 | resolver.s3_polling_interval_seconds: 0 (expected: a number of seconds, more than 0 and at most 86400)",
                "method: s3_toggle, s3_url: 's3://b/k', s3_polling_interval_seconds: 1m | resolver.s3_polling_interval_seconds: 1m (expected: a number of seconds, more than 0 and at most 86400)"
            })
    void aResolverThatCannotBeMeantIsAnError(String resolver, String message) {
        assertThat(files.problems(yaml(resolver)))
                .anyMatch(problem -> problem.endsWith(": services.web.discovery." + message));
        assertThat(files.load(yaml(resolver)).brokenServices()).containsExactly("web");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "watchers: {one: {method: base}} | discovery: has no resolver (expected: a map with a method: union, sequential, s3_toggle, fallback or base)",
                "resolver: {method: union} | discovery: has no watchers (expected: a map of names to sections like discovery)",
                "resolver: {method: fallback}, watchers: {} | discovery.watchers: has no watchers (expected: a map of names to sections like discovery)",
                "resolver: {method: union}, watchers: {one: base} | discovery.watchers.one: is a text (expected: a map)",
                "resolver: {method: union}, watchers: {one: {hosts: []}} | discovery.watchers.one: has no method (expected: base or ",
                "resolver: {method: union}, watchers: {one: {method: nothing}} | discovery.watchers.one.method: nothing (expected: base or ",
                "resolver: {method: union}, watchers: {one: {method: base, path: /x}} | discovery.watchers.one.path: unknown key (expected: one of method, label_filters, label_filter)",
                "resolver: {method: union}, watchers: {one: {method: base}}, hosts: [] | discovery.hosts: unknown key (expected: one of method, label_filters, watchers"
            })
    void sourcesThatCannotBeMeantAreErrors(String discovery, String message) {
        String yaml = """
                services:
                  web:
                    port: 1
                    servers: ["h:1"]
                    discovery: {method: multi, %s}
                """.formatted(discovery);

        assertThat(files.problems(yaml)).anyMatch(problem -> problem.contains(": services.web." + message));
        assertThat(files.load(yaml).brokenServices()).containsExactly("web");
    }

    @Test
    void whatIsSaidTwiceOrOfNoUseIsReported() {
        assertThat(files.problems("""
                services:
                  web:
                    port: 1
                    servers: ["h:1"]
                    discovery: {method: base}
                    discovery_multi:
                      method: union
                      label_filters: []
                      resolver: {method: union}
                      watchers: {primary: {method: base}, two: {method: base}}
                  api:
                    port: 2
                    servers: ["h:1"]
                    discovery_multi: {resolver: {method: union}, watchers: {two: {method: base}}}
                """))
                .containsExactly(
                        "0.yaml:7:15: services.web.discovery_multi.method: union (expected: multi)",
                        "0.yaml:8:7: warning: services.web.discovery_multi.label_filters: has no effect: each of the"
                                + " watchers has its own",
                        "0.yaml:10:18: warning: services.web.discovery_multi.watchers.primary: has no effect: discovery"
                                + " at 0.yaml:5 is the primary",
                        "0.yaml:14:5: services.api.discovery_multi: is there without discovery (expected: discovery, the"
                                + " primary)");
    }

    @Test
    void sourcesMayHaveSourcesThemselves() {
        MultiConfig outer = multi(files.service(yaml("method: union")
                .replace(
                        "two: {method: base}",
                        "two: {method: multi, resolver: {method: fallback}, watchers: {deep: {method: base}}}")));

        assertThat(outer.children().get(1).discovery()).isInstanceOf(MultiConfig.class);
    }

    private static MultiConfig multi(ServiceConfig service) {
        return (MultiConfig) service.discovery();
    }

    private static String yaml(String resolver) {
        return """
                services:
                  web:
                    port: 1
                    servers: ["h:1"]
                    discovery:
                      method: multi
                      resolver: {%s}
                      watchers: {one: {method: base}, two: {method: base}}
                """.formatted(resolver);
    }
}

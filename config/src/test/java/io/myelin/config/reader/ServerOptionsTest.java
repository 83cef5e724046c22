package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.ErrorWatch.Level;
import io.myelin.config.LoadedConfig;
import io.myelin.http.ErrorPage;
import io.myelin.http.HttpRule;
import io.myelin.http.MonitorAnswer;
import io.myelin.model.Endpoint;
import io.myelin.model.ErrorReaction;
import io.myelin.pool.Lineup;
import io.myelin.pool.Lineup.Order;
import io.myelin.pool.Marking;
import io.myelin.pool.ObserveConfig;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.Track;
import io.myelin.route.Condition;
import io.myelin.route.Match;
import io.myelin.route.Numbers;
import io.myelin.route.Numbers.Range;
import io.myelin.route.PoolCondition;
import io.myelin.route.PoolCondition.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How members are supervised and with what they begin, as both languages say it. */
@NullMarked
class ServerOptionsTest {
    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    private PoolConfig pool(String keys) {
        LoadedConfig loaded = files.load("services: {web: {servers: ['h:1'], " + keys + "}}");
        assertThat(loaded.problems()).isEmpty();
        return loaded.config().services().get(0).pool();
    }

    private PoolConfig options(String options) {
        return pool("haproxy: {port: 80, listen: [mode http], server_options: '" + options + "'}");
    }

    @Test
    void nothingIsObservedUnlessSaid() {
        assertThat(pool("port: 80, check: tcp").observe()).isNull();
        assertThat(options("check error-limit 5 on-error mark-down").observe()).isNull();
        assertThat(options("check").marking()).isEqualTo(Marking.NONE);
        assertThat(options("check").disabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "observe layer4, CONNECTIONS, 10, FAIL_CHECK",
        "observe layer7 error-limit 50 on-error mark-down, ANSWERS, 50, MARK_DOWN",
        "error-limit 1 on-error sudden-death observe layer7, ANSWERS, 1, SUDDEN_DEATH",
        "observe layer4 on-error fastinter observe layer7, ANSWERS, 10, FAST_CHECK",
    })
    void theOptionsOfServersSayWhatIsObserved(String options, Level level, int limit, ErrorReaction reaction) {
        assertThat(options("check " + options).observe()).isEqualTo(new ObserveConfig(level, limit, reaction));
    }

    @Test
    void theDefaultServerSaysItForAllServers() {
        LoadedConfig loaded = files.load("""
                haproxy:
                  defaults: [mode http, default-server observe layer7 on-marked-down shutdown-sessions disabled]
                services:
                  a: {servers: ['h:1'], haproxy: {port: 80, server_options: check error-limit 3 enabled}}
                  unchecked: {servers: ['h:1'], haproxy: {port: 81}}
                  own: {servers: ['h:1'], haproxy: {port: 82, backend: [default-server observe layer4 check]}}
                """);

        assertThat(loaded.problems()).isEmpty();
        PoolConfig a = loaded.config().services().get(0).pool();
        assertThat(a.observe()).isEqualTo(new ObserveConfig(Level.ANSWERS, 3, ErrorReaction.FAIL_CHECK));
        assertThat(a.marking()).isEqualTo(new Marking(true, false));
        assertThat(a.disabled()).isFalse();
        assertThat(loaded.config().services().get(1).pool().observe()).isNull();
        assertThat(loaded.config().services().get(1).pool().disabled()).isTrue();
        assertThat(loaded.config().services().get(2).pool().observe()).isEqualTo(new ObserveConfig(Level.CONNECTIONS));
    }

    @Test
    void whatCannotBeObservedIsReported() {
        assertThat(files.problems("""
                services:
                  unchecked: {servers: ['h:1'], haproxy: {port: 80, server_options: observe layer4}}
                  stream: {servers: ['h:1'], haproxy: {port: 81, server_options: check observe layer7}}
                """))
                .containsExactly(
                        "0.yaml:2:69: warning: services.unchecked.haproxy.server_options: `observe layer4`: observe has"
                                + " no effect on a service without a check",
                        "0.yaml:3:66: warning: services.stream.haproxy.server_options: `check observe layer7`: layer7"
                                + " goes by answers, and the service speaks TCP: layer4 is observed");
    }

    @Test
    void whatBecomesOfWorkInProgressIsSaidByBoth() {
        assertThat(options("on-marked-down shutdown-sessions on-marked-up shutdown-backup-sessions")
                        .marking())
                .isEqualTo(new Marking(true, true));
        assertThat(pool("port: 80, on_marked_down: shutdown_sessions, on_marked_up: shutdown_backup_sessions")
                        .marking())
                .isEqualTo(new Marking(true, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "layer4 | CONNECTIONS | 10 | fail_check",
                "{level: layer7, error_limit: 3, on_error: mark_down} | ANSWERS | 3 | mark_down",
                "{level: layer7, on_error: fast_check} | ANSWERS | 10 | fast_check",
                "{level: layer7, on_error: sudden_death} | ANSWERS | 10 | sudden_death",
            })
    void theNativeKeysSayWhatIsObserved(String observe, Level level, int limit, String reaction) {
        ObserveConfig expected =
                new ObserveConfig(level, limit, ErrorReaction.valueOf(reaction.toUpperCase(Locale.ROOT)));

        assertThat(pool("port: 80, check: tcp, observe: " + observe).observe()).isEqualTo(expected);
    }

    // Order, error pages, monitors.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ascending | ASCENDING | 0 | 65535",
                "descending | DESCENDING | 0 | 65535",
                "as_delivered | AS_DELIVERED | 0 | 65535",
                "{by: shuffled, seed: 7, max_number: 9} | SHUFFLED | 7 | 9",
                "{seed: -7} | SHUFFLED | -7 | 65535",
            })
    void membersStandInOrder(String order, Order expected, int seed, int most) {
        assertThat(pool("port: 80, order: " + order).lineup()).isEqualTo(new Lineup(expected, seed, most));
    }

    @Test
    void theNativeOrderCountsMoreThanThatOfTheSection() {
        LoadedConfig loaded = files.load("""
                haproxy: {server_order_seed: 3}
                services:
                  web: {servers: ['h:1'], order: shuffled, haproxy: {port: 80, backend_order: asc}}
                """);

        assertThat(loaded.config().services().get(0).pool().lineup())
                .isEqualTo(new Lineup(Order.SHUFFLED, 3, Lineup.DEFAULT_MAX_NUMBER));
    }

    @Test
    void anErrorPageIsAResponseOrABody() throws IOException {
        Files.writeString(directory.resolve("503.http"), "HTTP/1.0 503 Busy\r\nA: b\r\n\r\nwait");
        Files.writeString(directory.resolve("sorry.html"), "<p>wait");
        LoadedConfig loaded = files.load("""
                services:
                  web: {port: 80, servers: ['h:1'], error_pages: {503: 503.http, 504: sorry.html}}
                """);

        assertThat(loaded.problems()).isEmpty();
        assertThat(Objects.requireNonNull(loaded.config().services().get(0).listener())
                        .client()
                        .errorPages())
                .isEqualTo(Map.of(
                        503,
                        new ErrorPage("HTTP/1.1 503 Busy\r\nA: b\r\n", "wait"),
                        504,
                        new ErrorPage(
                                "HTTP/1.1 504 \r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-cache\r\n",
                                "<p>wait")));
    }

    @Test
    void aMonitorFailsWhileAServiceHasTooFewMembers() {
        LoadedConfig loaded = files.load("""
                services:
                  web: {port: 80, servers: ['h:1'], deny: [{when: {path: /x}}], monitor: {path: /up, fail_below: {web: 2}}}
                frontends:
                  edge: {bind: "127.0.0.1:81", default: web, monitor: {path: /edge, fail_below: {nobody: 1}}}
                """);

        assertThat(loaded.problems().stream().map(files::shortened))
                .containsExactly("0.yaml:4:3: frontends.edge: a rule asks for a service: there is no service nobody"
                        + " (expected: one of web)");
        Condition asked = new Condition.Text(Condition.Part.TARGET, Match.EXACT, false, List.of("/up"));
        Condition few = new PoolCondition(Measure.MEMBERS, "web", new Numbers(List.of(new Range(0, 1))));
        assertThat(loaded.config().services().get(0).rules().requests().get(0))
                .containsExactly(
                        new HttpRule(new Condition.All(List.of(asked, few)), new MonitorAnswer(false)),
                        new HttpRule(asked, new MonitorAnswer(true)));
    }

    // Members that follow others.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "track: main | main | ''",
                "track: main/a | main | a",
                "haproxy: {server_options: \"track be_main/x_%{host}:%{port}\"} | main | x_%{host}:%{port}",
            })
    void membersFollowThoseOfAnotherService(String keys, String service, String member) {
        LoadedConfig loaded = files.load("services: {web: {servers: ['h:1'], " + keys
                + "}, main: {servers: ['h:1'], check: tcp, haproxy: {backend_name: be_main, port: 0}}}");

        assertThat(loaded.config().services().get(0).pool().track()).isEqualTo(new Track(service, member));
        assertThat(loaded.config().services().get(0).check()).isNull();
        assertThat(loaded.hasErrors()).isFalse();
    }

    @Test
    void whoIsToBeFollowedMustBeThereAndNotLeadBack() {
        assertThat(files.problems("""
                services:
                  nobody: {port: 80, servers: ['h:1'], track: nowhere}
                  self: {servers: ['h:1'], haproxy: {port: 81, server_options: track h:1}}
                  a: {port: 82, servers: ['h:1'], track: b}
                  b: {port: 83, servers: ['h:1'], track: c/h:1}
                  c: {port: 84, servers: ['h:1'], track: b/h:1}
                  both: {port: 85, servers: ['h:1'], check: tcp, track: good}
                  slack: {port: 86, servers: ['h:1'], track: unchecked}
                  unchecked: {port: 87, servers: ['h:1']}
                  good: {port: 88, servers: ['h:1', {host: h, port: 2, haproxy_server_options: 'track h:1'}], check: tcp}
                  one: {port: 89, servers: [{host: h, port: 1, haproxy_server_options: track good/h:3}]}
                  circle: {port: 90, servers: [{host: h, port: 1, haproxy_server_options: 'track h:1'}]}
                """))
                .containsExactly(
                        "0.yaml:2:47: services.nobody.track: there is no service nowhere (expected: one of nobody,"
                                + " self, a, b, c, both, slack, unchecked, good, one, circle)",
                        "0.yaml:3:64: services.self.haproxy.server_options: `track h:1`: members follow each other:"
                                + " self (expected: no circle)",
                        "0.yaml:4:42: services.a.track: members follow each other: a -> b -> c (expected: no circle)",
                        "0.yaml:5:42: services.b.track: members follow each other: b -> c (expected: no circle)",
                        "0.yaml:6:42: services.c.track: members follow each other: c -> b (expected: no circle)",
                        "0.yaml:7:57: services.both.track: members are checked or follow others, not both (expected:"
                                + " check or track)",
                        "0.yaml:8:46: warning: services.slack.track: unchecked is not checked: members count as up",
                        "0.yaml:11:3: services.one: `track good/h:3` of h:1: there is no member h:3 in good (expected:"
                                + " one of h:1, h:2)",
                        "0.yaml:12:3: services.circle: `track h:1` of h:1: members follow each other: circle/h:1"
                                + " (expected: no circle)");
    }

    @ParameterizedTest
    @CsvSource({"true, disabled", "false, enabled"})
    void aMemberMayBeDisabledByItself(boolean disabled, String option) {
        LoadedConfig loaded = files.load("services: {web: {port: 80, servers: [{host: h, port: 1, disabled: " + disabled
                + ", haproxy_server_options: weight 3}]}}");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().services().get(0).pool().membership().defaults())
                .extracting(Endpoint::options)
                .containsExactly("weight 3 " + option);
    }
}

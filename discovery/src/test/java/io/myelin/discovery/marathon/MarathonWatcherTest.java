package io.myelin.discovery.marathon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.fetch.HttpCall;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.marathon.MarathonConfig.Authorization;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.ScriptedApi;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.SourceStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MarathonWatcherTest {
    private static final Duration SOON = Duration.ofMillis(30);

    private MarathonProvider provider = new MarathonProvider(Duration.ofSeconds(10), bound -> bound - 1);
    private Watchers watchers = new Watchers(List.of(provider), Clock.SYSTEM);
    private final RecordingSink sink = new RecordingSink();
    private final ScriptedApi api = new ScriptedApi();
    private final List<ServiceWatcher> started = new ArrayList<>();

    @AfterEach
    void closeAll() {
        started.forEach(ServiceWatcher::close);
        watchers.close();
        api.close();
    }

    @Test
    void deliversTheTasksThatHaveStarted() {
        api.answer(tasks(task("slave-2", "31002, 31003", "2014"), task("slave-1", "31000", "2014"), """
                {"host": "slave-3", "ports": [31004], "startedAt": null}""", """
                {"host": "slave-4", "ports": [31005]}"""));

        watch(config("web", 0));

        sink.awaitAddresses("slave-1:31000", "slave-2:31002");
        sink.awaitState(State.LIVE);
        assertThat(sink.sets().get(0).endpoints())
                .containsExactly(Endpoint.of("slave-1", "slave-1", 31_000), Endpoint.of("slave-2", "slave-2", 31_002));
        assertThat(sink.lastStatus().source())
                .isEqualTo("marathon http://127.0.0.1:" + api.port() + "/v2/apps/web/tasks");
        assertThat(api.requests().get(0).line()).isEqualTo("GET /v2/apps/web/tasks");
        assertThat(api.requests().get(0).header("Accept")).isEqualTo("application/json");
    }

    @Test
    void takesThePortOfTheIndexAndLeavesOutTasksWithoutIt() {
        api.answer(tasks(
                task("a", "1000, 1001", "2014"),
                task("b", "2000", "2014"),
                task("", "1, 2", "2014"),
                task("c d", "1, 2", "2014"),
                "7"));

        watch(config("web", 1));

        sink.awaitAddresses("a:1001");
        assertThat(provider.counts().get("marathon_ignored_entries_total")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void noticesTasksThatComeAndGo() {
        api.answer(tasks(task("a", "1000", "2014")));
        watch(config("web", 0));
        sink.awaitAddresses("a:1000");

        api.answer(tasks(task("a", "1000", "2014"), task("b", "2000", "2014")));
        sink.awaitAddresses("a:1000", "b:2000");
        api.answer(tasks());
        sink.awaitAddresses();
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/apps/%{app}/tasks, web, /v2/apps/web/tasks",
        "/v2/apps/%{app}/tasks, /prod/web, /v2/apps/prod/web/tasks",
        "/api/%{app}?a=100%%, web, /api/web?a=100%"
    })
    void putsTheNameIntoThePath(String path, String application, String asked) {
        MarathonConfig config = config(List.of(origin()), path, application, 0);

        assertThat(config.tasksPath()).isEqualTo(asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 503 Unavailable\r\nContent-Length: 12\r\n\r\n{\"tasks\":[]}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"tasks\":{}}",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"tasks\":[]}"
            })
    void whatIsNoListOfTasksEmptiesNoPool(String answer) {
        api.answer(tasks(task("a", "1000", "2014")));
        watch(config("web", 0));
        sink.awaitAddresses("a:1000");
        sink.awaitState(State.LIVE);

        api.answerRaw(answer);
        sink.awaitState(State.STALE);
        assertThat(sink.sets()).hasSize(1);

        api.answer(tasks(task("b", "1000", "2014")));
        sink.awaitAddresses("b:1000");
        sink.awaitState(State.LIVE);
    }

    @Test
    void aSilentMarathonIsGivenUpAndAskedAgain() {
        watchers.close();
        provider = new MarathonProvider(Duration.ofMillis(300), bound -> bound - 1);
        watchers = new Watchers(List.of(provider), Clock.SYSTEM);
        api.answer(tasks(task("a", "1000", "2014")));
        watch(config("web", 0));
        sink.awaitState(State.LIVE);

        api.fallSilent();
        Eventually.holds("the reason", () -> sink.lastStatus().error().contains("no answer in 300 ms"));
        assertThat(sink.addresses()).containsExactly("a:1000");

        api.answer(tasks(task("b", "1000", "2014")));
        sink.awaitAddresses("b:1000");
        assertThat(provider.counts().get("marathon_failed_polls_total")).isPositive();
    }

    @Test
    void sendsUserAndPasswordAndTellsNobody() {
        api.answer(401, "");
        HttpOrigin origin = HttpOrigin.parse("http://me:se%20cret@localhost:" + api.port(), 1);

        watch(config(List.of(Objects.requireNonNull(origin)), MarathonConfig.DEFAULT_PATH, "web", 0));

        Eventually.holds("a request", () -> !api.requests().isEmpty());
        assertThat(api.requests().get(0).header("Authorization"))
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString("me:se cret".getBytes(UTF_8)));
        Eventually.holds("the reason", () -> sink.lastStatus().error().contains("401"));
        assertThat(sink.statuses().toString()).doesNotContain("me:").doesNotContain("cret");
        assertThat(String.valueOf(origin)).isEqualTo("http://localhost:" + api.port());
    }

    @Test
    void saysWhoAsksInOtherWaysAndTellsNobody() {
        api.answer(tasks());
        MarathonConfig config = new MarathonConfig(
                List.of(origin()),
                MarathonConfig.DEFAULT_PATH,
                "web",
                0,
                SOON,
                TlsFiles.NONE,
                new Authorization("token=s3cret"),
                true);
        watch(config);

        sink.awaitAddresses();
        Eventually.holds("both requests", () -> !api.requestsFor("/v2/events").isEmpty());
        assertThat(api.requests())
                .allSatisfy(
                        request -> assertThat(request.header("Authorization")).isEqualTo("token=s3cret"));
        assertThat(config.toString() + sink.statuses() + config.authorized(HttpCall.getJson("/")))
                .doesNotContain("s3cret");
    }

    @Test
    void anotherMarathonAnswersWhereOneDoesNot() {
        try (ScriptedApi other = new ScriptedApi()) {
            api.answer(503, "");
            other.answer(tasks(task("a", "1000", "2014")));
            List<HttpOrigin> both = List.of(origin(), HttpOrigin.of("127.0.0.1", other.port()));
            watch(config(both, MarathonConfig.DEFAULT_PATH, "web", 0));
            sink.awaitAddresses("a:1000");
            sink.awaitState(State.LIVE);

            int asked = api.requests().size();
            int before = other.requests().size();
            Eventually.holds("it goes on there", () -> other.requests().size() > before + 3);
            assertThat(api.requests()).hasSize(asked);

            other.answer(503, "");
            api.answer(tasks(task("b", "1000", "2014")));
            sink.awaitAddresses("b:1000");
            api.close();
            sink.awaitState(State.STALE);
            assertThat(sink.lastStatus().error())
                    .contains("127.0.0.1:" + api.port())
                    .contains("127.0.0.1:" + other.port());
            assertThat(sink.sets()).hasSize(2);
        }
    }

    @Test
    void aTaskThatStartsIsKnownAtOnce() {
        api.stream("/v2/events");
        api.answer(tasks(task("a", "1000", "2014")));
        watch(new MarathonConfig(
                List.of(origin()),
                MarathonConfig.DEFAULT_PATH,
                "/prod/web",
                0,
                Duration.ofHours(1),
                TlsFiles.NONE,
                Authorization.NONE,
                true));
        sink.awaitAddresses("a:1000");
        Eventually.holds(
                "the question after the stream began",
                () -> api.streams() == 1 && api.requestsFor("/v2/apps").size() == 2);
        assertThat(api.requestsFor("/v2/events").get(0).header("Accept")).isEqualTo("text/event-stream");

        api.answer(tasks(task("b", "1000", "2014")));
        api.push("event: status_update_event\r\ndata: {\"appId\": \"/prod/web\"}\r\n\r\n");

        sink.awaitAddresses("b:1000");
        assertThat(provider.counts().get("marathon_hints_total")).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data: {'appId': '/web'} | true",
                "data:{'appId':'/web'} | true",
                "data: {'appId': '/other'} | false",
                "data: {'eventType': 'unknown'} | true",
                "data: junk | true",
                "event: status_update_event | false",
                ": comment | false"
            })
    void marathonTellsOfManyApplications(String line, boolean concerns) {
        assertThat(new TaskEvents("web").test(line.replace('\'', '"'))).isEqualTo(concerns);
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/apps/%{app}/tasks, /v2/events?event_type=status_update_event",
        "/service/marathon/v2/apps/%{app}/tasks, /service/marathon/v2/events?event_type=status_update_event",
        "/tasks/%{app}, ''"
    })
    void eventsAreBesideTheApplications(String path, String events) {
        assertThat(config(List.of(HttpOrigin.of("h", 1)), path, "web", 0).eventsPath())
                .isEqualTo(events);
    }

    @Test
    void refusesAPathThatIsNone() {
        assertThatThrownBy(() -> config(List.of(HttpOrigin.of("h", 1)), "x", "web", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("marathon_api_path: x (expected: ");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "http://m.test, http://m.test",
                "http://m.test:8080/, http://m.test:8080",
                "https://u:p@m.test/x, https://m.test",
                "https://[::1]:8443, https://[::1]:8443",
                "tcp://m.test, http://m.test:99",
                "unix:///run/x.sock, unix:///run/x.sock",
                "ftp://m.test, null",
                "m.test:80, null",
                "http://, null",
                "http://m.test:70000, null",
                "http://a b, null"
            })
    void aUrlNamesAServer(String url, @Nullable String origin) {
        assertThat(String.valueOf(HttpOrigin.parse(url, 99))).isEqualTo(String.valueOf(origin));
    }

    private HttpOrigin origin() {
        return HttpOrigin.of("127.0.0.1", api.port());
    }

    private MarathonConfig config(String application, int portIndex) {
        return config(List.of(origin()), MarathonConfig.DEFAULT_PATH, application, portIndex);
    }

    private static MarathonConfig config(List<HttpOrigin> apis, String path, String application, int portIndex) {
        return new MarathonConfig(apis, path, application, portIndex, SOON, TlsFiles.NONE, Authorization.NONE, false);
    }

    private void watch(MarathonConfig config) {
        ServiceWatcher watcher = watchers.watch("web", config, sink);
        started.add(watcher);
        watcher.start();
    }

    private static String tasks(String... tasks) {
        return "{\"tasks\": [" + String.join(",", tasks) + "]}";
    }

    private static String task(String host, String ports, String startedAt) {
        return "{\"id\": \"t\", \"host\": \"" + host + "\", \"ports\": [" + ports + "], \"startedAt\": \"" + startedAt
                + "\"}";
    }
}

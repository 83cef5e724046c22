package io.myelin.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.ScriptedApi;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.SourceStatus.State;
import io.myelin.testing.UnixBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DockerWatcherTest {
    private static final Duration SOON = Duration.ofMillis(30);

    private DockerProvider provider = new DockerProvider(Duration.ofSeconds(10), bound -> bound - 1);
    private Watchers watchers = new Watchers(List.of(provider), Clock.SYSTEM);
    private final RecordingSink sink = new RecordingSink();
    private final ScriptedApi one = new ScriptedApi();
    private final ScriptedApi two = new ScriptedApi();
    private final List<ServiceWatcher> started = new ArrayList<>();

    @AfterEach
    void closeAll() {
        started.forEach(ServiceWatcher::close);
        watchers.close();
        one.close();
        two.close();
    }

    @Test
    void deliversThePublishedPortsOfEveryHost() {
        one.answer(containers(container("web:1.2", published(80, 32_768)), container("web", published(80, 32_769))));
        two.answer(containers(container("web:2", published(80, 32_768))));

        watch("web", host("h1", "10.0.0.1", one), host("h2", "10.0.0.2", two));

        sink.awaitAddresses("10.0.0.1:32768", "10.0.0.1:32769", "10.0.0.2:32768");
        sink.awaitState(State.LIVE);
        assertThat(sink.sets().get(0).endpoints()).contains(Endpoint.of("h1", "10.0.0.1", 32_768));
        assertThat(sink.lastStatus().source())
                .isEqualTo("docker web at http://127.0.0.1:" + one.port() + " http://127.0.0.1:" + two.port());
        ScriptedApi.Request request = one.requests().get(0);
        assertThat(request.line()).isEqualTo("GET /containers/json");
        assertThat(request.header("Host")).isEqualTo("127.0.0.1:" + one.port());
    }

    @Test
    void noticesContainersThatComeAndGo() {
        one.answer(containers(container("web:1", published(80, 1_001))));
        watch("web", host("", "10.0.0.1", one));
        sink.awaitAddresses("10.0.0.1:1001");

        one.answer(containers(container("web:1", published(80, 1_001)), container("web:1", published(80, 1_002))));
        sink.awaitAddresses("10.0.0.1:1001", "10.0.0.1:1002");
        one.answer("[]");
        sink.awaitAddresses();
        assertThat(sink.lastStatus().state()).isEqualTo(State.LIVE);
    }

    @Test
    void leavesOutWhatIsNotTheImageOrNotPublished() {
        one.answer(containers(
                container("web:1", published(80, 1_001)),
                container("web:1", "[{\"PrivatePort\": 80, \"Type\": \"tcp\"}]"),
                container("web:1", "[{\"PrivatePort\": 80, \"PublicPort\": 1002, \"Type\": \"udp\"}]"),
                container("web:1", published(81, 1_003)),
                container("other/web:1", published(80, 1_004)),
                container("web-admin:1", published(80, 1_005)),
                container("web:1", "null"),
                "{}",
                "7"));

        watch("web", host("", "10.0.0.1", one));

        sink.awaitAddresses("10.0.0.1:1001");
        assertThat(provider.counts()).containsKey("docker_ignored_entries_total");
        assertThat(provider.counts().get("docker_ignored_entries_total")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void aPortThatIsPublishedTwiceIsOneEndpoint() {
        one.answer(containers(container(
                "web:1",
                "[{\"IP\":\"0.0.0.0\",\"PrivatePort\":80,\"PublicPort\":1001,\"Type\":\"tcp\"},"
                        + "{\"IP\":\"::\",\"PrivatePort\":80,\"PublicPort\":1001,\"Type\":\"tcp\"}]")));

        watch("web", host("", "10.0.0.1", one));

        sink.awaitAddresses("10.0.0.1:1001");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "49153->80 | 49153",
                "49153->80, 49154->22 | 49153",
                "0.0.0.0:49153->80/tcp | 49153",
                "0.0.0.0:49153->80/tcp, 443/tcp, 0.0.0.0:49154->443/tcp | 49153",
                "0.0.0.0:49153->80/tcp, :::49153->80/tcp | 49153",
                "0.0.0.0:8000-8010->75-85/tcp | 8005",
                "0.0.0.0:49153->80/udp | ",
                "80/tcp | ",
                "'' | ",
                "0.0.0.0:99999->80/tcp | "
            })
    void readsTheOldFormatOfPorts(String ports, String expected) throws JsonProcessingException {
        List<Integer> read = PublishedPorts.of(new ObjectMapper().readTree("\"" + ports + "\""), 80);

        assertThat(read).isEqualTo(expected == null ? List.of() : List.of(Integer.valueOf(expected)));
    }

    @ParameterizedTest
    @CsvSource({
        "web, web, true",
        "web, web:1.2, true",
        "web, web@sha256:abc, true",
        "web, web:1@sha256:abc, true",
        "web, team/web, false",
        "web, webs, false",
        "registry:5000/team/web, registry:5000/team/web, true",
        "registry:5000/team/web, registry:5000/team/web:1, true",
        "registry:5000/team/web, registry, false",
        "web:1.2, web:1.2, true",
        "web:1.2, web:1.3, false",
        "web:1.2, web, false"
    })
    void anImageMatchesWithAnyTagUnlessOneIsStated(String wanted, String running, boolean matches) {
        assertThat(ImageName.parse(wanted).matches(ImageName.parse(running))).isEqualTo(matches);
    }

    @Test
    void aDaemonThatFailsKeepsItsContainersWhileOthersGoOn() {
        one.answer(containers(container("web:1", published(80, 1_001))));
        two.answer(containers(container("web:1", published(80, 2_001))));
        watch("web", host("", "10.0.0.1", one), host("", "10.0.0.2", two));
        sink.awaitAddresses("10.0.0.1:1001", "10.0.0.2:2001");

        one.answer(500, "no");
        two.answer(containers(container("web:1", published(80, 2_002))));

        sink.awaitAddresses("10.0.0.1:1001", "10.0.0.2:2002");
        sink.awaitState(State.STALE);
        assertThat(sink.lastStatus().error())
                .isEqualTo("http://127.0.0.1:" + one.port() + ": status 500 (expected: 200)");
        one.answer("[]");
        sink.awaitAddresses("10.0.0.2:2002");
        sink.awaitState(State.LIVE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[{]",
                "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n[]",
                "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 2\r\n\r\n[]",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "220 smtp.example.com ESMTP\r\n\r\n",
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n[]"
            })
    void whatIsNoListOfContainersEmptiesNoPool(String answer) {
        // One of the answers is none.
        watchers.close();
        provider = new DockerProvider(Duration.ofMillis(300), bound -> bound - 1);
        watchers = new Watchers(List.of(provider), Clock.SYSTEM);
        one.answer(containers(container("web:1", published(80, 1_001))));
        watch("web", host("", "10.0.0.1", one));
        sink.awaitAddresses("10.0.0.1:1001");
        sink.awaitState(State.LIVE);

        one.answerRaw(answer);

        sink.awaitState(State.STALE);
        assertThat(sink.sets()).hasSize(1);
        assertThat(sink.lastStatus().error()).startsWith("http://127.0.0.1:" + one.port() + ": ");
        one.answer(containers(container("web:1", published(80, 1_002))));
        sink.awaitAddresses("10.0.0.1:1002");
        sink.awaitState(State.LIVE);
    }

    @Test
    void nothingIsDeliveredBeforeADaemonAnswered() {
        one.answer(500, "");
        watch("web", host("", "10.0.0.1", one));

        Eventually.holds("the reason", () -> sink.lastStatus().error().contains("status 500"));
        assertThat(sink.lastStatus().state()).isEqualTo(State.STARTING);
        assertThat(sink.sets()).isEmpty();
        one.close();
        Eventually.holds("another reason", () -> sink.lastStatus().error().contains("refused"));
    }

    @Test
    void asksADaemonOnItsUnixSocket(@TempDir Path directory) throws IOException {
        Path socket = directory.resolve("docker.sock");
        AtomicInteger status = new AtomicInteger(200);
        String body = containers(container("web:1", published(80, 1_001)));
        try (UnixBackend daemon = UnixBackend.running(socket, connection -> {
            assertThat(connection.readHead()).startsWith("GET /containers/json HTTP/1.1\r\n");
            connection.send(ScriptedApi.response(status.get(), body));
        })) {
            assertThat(daemon).isNotNull();
            watch("web", new DockerHost("here", "127.0.0.1", HttpOrigin.ofUnix(socket.toString())));

            sink.awaitAddresses("127.0.0.1:1001");
            sink.awaitState(State.LIVE);
            status.set(500);
            sink.awaitState(State.STALE);
            assertThat(sink.lastStatus().error()).startsWith("unix://" + socket);
            assertThat(sink.sets()).hasSize(1);
        }
    }

    @Test
    void closingEndsTheQuestions() {
        one.answer("[]");
        two.answer("[]");
        watch("web", host("", "10.0.0.1", one));
        RecordingSink other = new RecordingSink();
        watch(other, "web", host("", "10.0.0.2", two));
        sink.awaitAddresses();
        other.awaitAddresses();

        started.get(0).close();
        started.get(0).close();
        started.get(0).start();
        one.answer(containers(container("web:1", published(80, 1_001))));
        two.answer(containers(container("web:1", published(80, 2_001))));

        other.awaitAddresses("10.0.0.2:2001");
        int asked = one.requests().size();
        int before = two.requests().size();
        Eventually.holds("the other goes on", () -> two.requests().size() > before + 3);
        assertThat(one.requests()).hasSizeLessThanOrEqualTo(asked + 1);
        assertThat(sink.addresses()).isEmpty();
    }

    private void watch(String image, DockerHost... hosts) {
        watch(sink, image, hosts);
    }

    private void watch(RecordingSink into, String image, DockerHost... hosts) {
        ServiceWatcher watcher = watchers.watch("web", new DockerConfig(List.of(hosts), image, 80, SOON, false), into);
        started.add(watcher);
        watcher.start();
    }

    private static DockerHost host(String name, String address, ScriptedApi daemon) {
        return new DockerHost(name, address, HttpOrigin.of("127.0.0.1", daemon.port()));
    }

    private static String containers(String... containers) {
        return "[" + String.join(",", containers) + "]";
    }

    private static String container(String image, String ports) {
        return "{\"Id\": \"x\", \"Image\": \"" + image + "\", \"Ports\": " + ports + "}";
    }

    private static String published(int inside, int outside) {
        return "[{\"PrivatePort\": 22, \"Type\": \"tcp\"}, {\"IP\": \"0.0.0.0\", \"PrivatePort\": " + inside
                + ", \"PublicPort\": " + outside + ", \"Type\": \"tcp\"}]";
    }
}

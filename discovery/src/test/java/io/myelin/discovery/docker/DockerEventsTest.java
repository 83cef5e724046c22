package io.myelin.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.Watchers;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.testing.Eventually;
import io.myelin.discovery.testing.RecordingSink;
import io.myelin.discovery.testing.ScriptedApi;
import io.myelin.model.Clock;
import io.myelin.model.SourceStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens between two questions, told by the daemon. */
@Timeout(30)
class DockerEventsTest {
    private static final Duration SOON = Duration.ofMillis(30);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final String STARTED = "{\"Type\":\"container\",\"Action\":\"start\",\"from\":\"web:1\"}\n";

    private final DockerProvider provider = new DockerProvider(Duration.ofSeconds(2), bound -> bound - 1);
    private final Watchers watchers = new Watchers(List.of(provider), Clock.SYSTEM);
    private final RecordingSink sink = new RecordingSink();
    private final ScriptedApi daemon = new ScriptedApi();
    private final List<ServiceWatcher> started = new ArrayList<>();

    @AfterEach
    void closeAll() {
        started.forEach(ServiceWatcher::close);
        watchers.close();
        daemon.close();
    }

    @Test
    void aContainerThatStartsIsKnownAtOnce() {
        followedWith(1_001);
        assertThat(daemon.requestsFor("/events").get(0).line())
                .isEqualTo("GET /events?filters=%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22start%22%2C"
                        + "%22die%22%5D%7D");

        daemon.answer(containers(1_001, 1_002));
        daemon.push(STARTED.substring(0, 20));
        daemon.push(STARTED.substring(20));
        sink.awaitAddresses("10.0.0.1:1001", "10.0.0.1:1002");
        daemon.answer(containers(1_002));
        daemon.push(STARTED.replace("start", "die"));
        sink.awaitAddresses("10.0.0.1:1002");

        assertThat(provider.counts().get("docker_hints_total")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void whatIsToldTogetherIsOneQuestion() {
        followedWith(1_001);
        int before = daemon.requestsFor("/containers").size();

        daemon.answer(containers(1_002));
        daemon.push(STARTED.repeat(500));
        sink.awaitAddresses("10.0.0.1:1002");

        assertThat(daemon.requestsFor("/containers")).hasSizeLessThan(before + 20);
    }

    @Test
    void aStreamThatEndsIsOpenedAgainAndNothingIsMissed() {
        followedWith(1_001);

        daemon.endStreams();
        daemon.answer(containers(1_002));
        sink.awaitAddresses("10.0.0.1:1002");
        Eventually.holds("another stream", () -> daemon.streams() == 1);
        assertThat(sink.lastStatus().state()).isEqualTo(State.LIVE);

        daemon.push("no end".repeat(50_000));
        Eventually.holds(
                "the stream is given up", () -> daemon.requestsFor("/events").size() == 3);
    }

    @Test
    void aDaemonThatTellsNothingIsAskedAtIntervals() {
        daemon.answerBy(request -> request.line().startsWith("GET /events")
                ? ScriptedApi.response(403, "")
                : ScriptedApi.response(200, containers(1_001)));
        watch(sink, SOON);
        sink.awaitAddresses("10.0.0.1:1001");

        daemon.answerBy(request -> request.line().startsWith("GET /events")
                ? ScriptedApi.response(403, "")
                : ScriptedApi.response(200, containers(1_002)));

        sink.awaitAddresses("10.0.0.1:1002");
        assertThat(sink.lastStatus().state()).isEqualTo(State.LIVE);
        assertThat(daemon.requestsFor("/events")).isNotEmpty();
        assertThat(provider.counts()).containsEntry("docker_hints_total", 0L);
    }

    @Test
    void servicesShareTheStreamOfADaemon() {
        RecordingSink other = new RecordingSink();
        followedWith(1_001);
        watch(other, NEVER);
        other.awaitAddresses("10.0.0.1:1001");
        assertThat(daemon.requestsFor("/events")).hasSize(1);

        started.get(0).close();
        daemon.answer(containers(1_002));
        Eventually.holds("the other hears of it", () -> {
            daemon.push(STARTED);
            return other.addresses().equals(List.of("10.0.0.1:1002"));
        });
        assertThat(sink.addresses()).containsExactly("10.0.0.1:1001");
        assertThat(daemon.streams()).isEqualTo(1);

        started.get(1).close();
        Eventually.holds("nobody listens", () -> daemon.streams() == 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'Actor': {'Attributes': {'image': 'web:2'}}} | true",
                "{'Actor': {'Attributes': {'image': 'team/web:2'}}} | false",
                "{'from': 'web@sha256:abc'} | true",
                "{'from': 'other'} | false",
                "{'from': 'sha256:abc'} | true",
                "{'status': 'start'} | true",
                "[] | true",
                "{'from': | true"
            })
    void aDaemonTellsOfManyImages(String line, boolean concerns) {
        assertThat(new ContainerEvents(ImageName.parse("web")).test(line.replace('\'', '"')))
                .isEqualTo(concerns);
    }

    /** Follows a daemon that has a container at {@code port}, up to the first thing that it may tell. */
    private void followedWith(int port) {
        daemon.stream("/events");
        daemon.answer(containers(port));
        watch(sink, NEVER);
        sink.awaitAddresses("10.0.0.1:" + port);
        Eventually.holds(
                "the question after the stream began",
                () -> daemon.streams() == 1 && daemon.requestsFor("/containers").size() == 2);
    }

    private void watch(RecordingSink into, Duration interval) {
        DockerHost host = new DockerHost("", "10.0.0.1", HttpOrigin.of("127.0.0.1", daemon.port()));
        ServiceWatcher watcher =
                watchers.watch("web", new DockerConfig(List.of(host), "web", 80, interval, true), into);
        started.add(watcher);
        watcher.start();
    }

    private static String containers(int... ports) {
        List<String> containers = new ArrayList<>();
        for (int port : ports) {
            containers.add("{\"Image\": \"web:1\", \"Ports\": [{\"PrivatePort\": 80, \"PublicPort\": " + port
                    + ", \"Type\": \"tcp\"}]}");
        }
        return containers.toString();
    }
}

package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that fail, as their clients and the operators see it. */
@Timeout(60)
class HealthIT {
    private static final Duration AT_ONCE = Duration.ofMillis(200);
    private static final Duration WELL_UNDER_A_SECOND = Duration.ofMillis(700);
    /** A check that is slow, because this machine is, is no failure. */
    private static final String LINES = "option httpchk GET /health, timeout check 10s";

    private static final String OPTIONS = "check inter 200 rise 2 fall 3";

    @TempDir
    Path directory;

    private final Patient one = new Patient("one");
    private final Patient two = new Patient("two");

    @AfterEach
    void closeAll() {
        one.close();
        two.close();
    }

    @Test
    void scenario13AKilledInstanceCostsNeitherRequestsNorTime()
            throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(OPTIONS, LINES));
                RawClient client = RawClient.to(world.port("web"))) {
            world.await(
                    "web",
                    "both passed a check",
                    service -> states(service, "verdict").equals(Set.of("passing")));
            assertThat(answers(client, 4)).containsExactlyInAnyOrder("one", "two");

            two.die();
            int underWay = 0;
            long startNanos = System.nanoTime();
            while (underWay <= 2 || eligible(world) == 2) {
                assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(20));
                assertThat(timed(client)).isLessThan(WELL_UNDER_A_SECOND);
                underWay++;
            }

            assertThat(underWay).isGreaterThan(2);
            long redispatches = redispatches(world);
            assertThat(redispatches).isPositive();
            JsonNode down = member(world.service("web"), "two");
            assertThat(down.path("state").asText()).isEqualTo("down");
            assertThat(down.path("reason").asText()).contains("connect refused");
            assertThat(down.path("verdict").path("state").asText()).isEqualTo("failing");
            assertThat(down.path("verdict").path("since").asText()).isNotEmpty();
            assertThat(answers(client, 20)).containsExactly("one");
            assertThat(redispatches(world)).isEqualTo(redispatches);
        }
    }

    @Test
    void scenario12AnInstanceComesBackOnceItHasRisen() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(OPTIONS, LINES));
                RawClient client = RawClient.to(world.port("web"))) {
            two.die();
            world.awaitEligible("web", 1);

            two.revive();
            world.awaitEligible("web", 2);

            assertThat(two.checks()).isGreaterThanOrEqualTo(2);
            assertThat(answers(client, 4)).containsExactlyInAnyOrder("one", "two");
            assertThat(member(world.service("web"), "two").path("state").asText())
                    .isEqualTo("up");
        }
    }

    @Test
    void scenario13WithoutAnyGoodMemberRequestsFailAtOnce() throws IOException, InterruptedException, StartException {
        one.answerChecksWith(Patient.ILL);
        two.answerChecksWith(Patient.ILL);
        try (World world = World.from(directory, yaml(OPTIONS, LINES));
                RawClient client = RawClient.to(world.port("web"))) {
            world.awaitEligible("web", 0);
            assertThat(world.service("web").path("state").asText()).isEqualTo("down");

            Duration shortest = Duration.ofDays(1);
            for (int i = 0; i < 5; i++) {
                long startNanos = System.nanoTime();
                RawClient.Response response =
                        client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
                Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
                shortest = took.compareTo(shortest) < 0 ? took : shortest;
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.header("X-Myelin-Failure")).isEqualTo("no_member");
            }
            // What the proxy waits for, it waits for with each of them; this machine may be busy during one.
            assertThat(shortest).isLessThan(AT_ONCE);

            one.answerChecksWith(Patient.WELL);
            world.awaitEligible("web", 1);
            assertThat(answers(client, 4)).containsExactly("one");
        }
    }

    @Test
    void scenario12ANewInstanceServesAtOnceAndItsFirstFailureCountsInFull()
            throws IOException, InterruptedException, StartException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch judged = new CountDownLatch(1);
        LoopbackBackend undecided = LoopbackBackend.running(conversation -> {
            for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
                if (head.contains("/health")) {
                    asked.countDown();
                    await(judged);
                    conversation.write(Patient.ILL);
                } else {
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew");
                }
            }
        });
        String servers = one.entry() + ", {name: new, host: 127.0.0.1, port: " + undecided.port() + "}";
        try (undecided;
                World world =
                        World.from(directory, yaml("check inter 300 downinter 20s rise 2 fall 3", LINES, servers));
                RawClient client = RawClient.to(world.port("web"))) {
            await(asked);
            assertThat(answers(client, 4)).containsExactlyInAnyOrder("one", "new");

            judged.countDown();
            world.awaitEligible("web", 1);
            assertThat(checksIn(undecided)).isEqualTo(1);
            assertThat(answers(client, 4)).containsExactly("one");
        }
    }

    @Test
    void scenario12ABodyWithoutTheExpectedTextIsAFailure() throws IOException, InterruptedException, StartException {
        try (World world =
                World.from(directory, yaml("check inter 150 rise 3 fall 2", LINES + ", http-check expect string OK"))) {
            world.await(
                    "web",
                    "both passed a check",
                    service -> states(service, "verdict").equals(Set.of("passing")));

            two.answerChecksWith("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nNOT YE");
            JsonNode lacking = world.await(
                    "web", "two is down", service -> state(service, "two").equals("down"));
            assertThat(member(lacking, "two").path("reason").asText()).contains("http 200, body lacks \"OK\"");
            assertThat(state(lacking, "one")).isEqualTo("up");
            assertThat(lacking.path("state").asText()).isEqualTo("degraded");

            long before = two.checks();
            two.answerChecksWith(Patient.WELL);
            world.await("web", "two is up", service -> state(service, "two").equals("up"));
            assertThat(two.checks() - before).isGreaterThanOrEqualTo(3);

            two.answerChecksWith(Patient.ILL);
            JsonNode failing = world.await(
                    "web", "two is down", service -> state(service, "two").equals("down"));
            assertThat(member(failing, "two").path("reason").asText()).contains("http 500");
        }
    }

    @Test
    void uncheckedMembersAreUp() throws IOException, InterruptedException, StartException {
        one.answerChecksWith(Patient.ILL);
        try (World world = World.from(directory, yaml("", LINES));
                RawClient client = RawClient.to(world.port("web"))) {
            assertThat(answers(client, 4)).containsExactlyInAnyOrder("one", "two");

            JsonNode service = world.service("web");
            assertThat(service.path("state").asText()).isEqualTo("up");
            assertThat(states(service, "verdict")).containsExactly("unknown");
            assertThat(member(service, "one").path("reason").asText()).isEqualTo("no check");
            assertThat(one.checks()).isZero();
        }
    }

    @Test
    void anEndedCheckForgivesWhatItFound() throws IOException, InterruptedException, StartException {
        two.answerChecksWith(Patient.ILL);
        try (World world = World.from(directory, yaml(OPTIONS, LINES));
                RawClient client = RawClient.to(world.port("web"))) {
            world.awaitEligible("web", 1);

            world.reload(yaml("", LINES));

            world.awaitEligible("web", 2);
            assertThat(states(world.service("web"), "verdict")).containsExactly("unknown");
            assertThat(answers(client, 4)).containsExactlyInAnyOrder("one", "two");

            world.reload(yaml(OPTIONS, LINES));
            world.awaitEligible("web", 1);
            assertThat(answers(client, 4)).containsExactly("one");
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static long checksIn(LoopbackBackend backend) {
        return backend.received().stream()
                .filter(head -> head.contains("/health"))
                .count();
    }

    private static int eligible(World world) {
        return world.service("web").path("memberCounts").path("eligible").asInt();
    }

    private static long redispatches(World world) {
        return world.service("web").path("counters").path("redispatches").asLong();
    }

    private static JsonNode member(JsonNode service, String name) {
        for (JsonNode member : service.path("members")) {
            if (member.path("name").asText().equals(name)) {
                return member;
            }
        }
        throw new AssertionError("no member " + name + " in " + service);
    }

    private static String state(JsonNode service, String member) {
        return member(service, member).path("state").asText();
    }

    private static Set<String> states(JsonNode service, String part) {
        Set<String> states = new HashSet<>();
        service.path("members")
                .forEach(member -> states.add(member.path(part).path("state").asText()));
        return states;
    }

    private static Duration timed(RawClient client) throws IOException {
        long startNanos = System.nanoTime();
        assertThat(answers(client, 1)).hasSize(1);
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private static Set<String> answers(RawClient client, int requests) throws IOException {
        Set<String> bodies = new HashSet<>();
        for (int i = 0; i < requests; i++) {
            RawClient.Response response =
                    client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
            assertThat(response.status()).as(response.head()).isEqualTo(200);
            bodies.add(response.body());
        }
        return bodies;
    }

    private String yaml(String options, String lines) {
        return yaml(options, lines, Stream.of(one, two).map(Patient::entry).collect(Collectors.joining(", ")));
    }

    private static String yaml(String options, String lines, String servers) {
        return """
                services:
                  web:
                    default_servers: [%s]
                    haproxy:
                      port: "0"
                      server_options: "%s"
                      listen: [mode http, option redispatch, %s]
                """.formatted(servers, options, lines);
    }
}

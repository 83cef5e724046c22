package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of Tye's, run with real processes and looked at through Tye's API. */
@NullMarked
class TyeIT {
    private static final Path SAMPLE = Path.of("../config/examples/tye");
    private static final int PATIENCE_SECONDS = 20;

    @TempDir
    Path directory;

    @Test
    void scenario22And23ServicesKnowOfEachOtherAndOperatorsSeeThem()
            throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, """
                name: shop
                services:
                - name: app-a
                  executable: %1$s
                  args: %2$s
                  replicas: 2
                  env: [PASSWORD=hidden]
                  bindings: [{protocol: http}]
                - name: app-b
                  executable: %1$s
                  args: %2$s
                  bindings: [{protocol: http}]
                """.formatted(java(), server()))) {
            world.awaitEligible("app-a", 2);
            world.awaitEligible("app-b", 1);

            JsonNode other = world.service("app-b").path("replicas").elements().next();
            Await.until(
                    "app-b listens",
                    () -> !Ports.refused(other.path("ports").path(0).asInt()));

            int port = world.port("app-a");
            assertThat(ask("GET", "http://127.0.0.1:" + world.port("app-b") + "/env")
                            .body())
                    .contains("SERVICE__APP-A__HOST=localhost")
                    .contains("SERVICE__APP-A__PORT=" + port)
                    .contains("APP-A_SERVICE_ENDPOINT=http://localhost:" + port)
                    .doesNotContain("PASSWORD");

            JsonNode service = world.service("app-a");
            assertThat(service.path("serviceType").asText()).isEqualTo("executable");
            assertThat(service.path("memberCounts").path("eligible").asInt()).isEqualTo(2);
            assertThat(service.path("replicas")).hasSize(2);
            List<Long> pids = new ArrayList<>();
            Set<Integer> ports = new HashSet<>();
            for (JsonNode replica : service.path("replicas")) {
                assertThat(replica.path("state").asText()).isEqualTo("ready");
                assertThat(replica.path("name").asText()).matches("app-a_[0-9a-f]{8}-[0-9a-f]");
                assertThat(replica.path("environment").path("APP_INSTANCE")).isEqualTo(replica.path("name"));
                assertThat(replica.path("environment").path("PASSWORD").asText())
                        .isEqualTo("***");
                ports.add(replica.path("ports").path(0).asInt());
                pids.add(replica.path("pid").asLong());
            }
            assertThat(ports).hasSize(2).doesNotContain(port);
            assertThat(pids).allMatch(pid -> ProcessHandle.of(pid).isPresent());

            HttpResponse<String> unknown = world.admin().get("/api/v1/services/x");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(world.admin().json("/api/v1/services/x").path("message").asText())
                    .isEqualTo("Unknown service x");
            assertThat(world.admin().json("/api/v1/application").path("name").asText())
                    .isEqualTo("shop");
            assertThat(world.admin().get("/api/v1/logs/app-a").body())
                    .contains("Launching service app-a")
                    .contains("is moving to a ready state");

            assertThat(ask("DELETE", world.admin().url() + "/api/v1/control").statusCode())
                    .isEqualTo(200);
            Await.until("the replicas are gone", () -> pids.stream().noneMatch(Pids::run));
        }
    }

    /**
     * The three stories that Tye's documentation tells of the sample: start, readiness off for a while, liveness off.
     * Its program is compiled before, so that it starts fast, and one failure of readiness is enough.
     */
    @Test
    void theSampleDoesWhatItsCommentsSay() throws IOException, InterruptedException, StartException {
        List<Integer> ports = Ports.free(2);
        compile(SAMPLE.resolve("Server.java"));
        Path file = Files.writeString(
                directory.resolve("tye.yaml"),
                Files.readString(SAMPLE.resolve("tye.yaml"))
                        .replaceAll("\\b8080\\b", String.valueOf(ports.get(0)))
                        .replaceAll("\\b8081\\b", String.valueOf(ports.get(1)))
                        .replace("executable: java", "executable: " + java())
                        .replace("Server.java", "-cp . Server")
                        .replace("initialDelay: 3", "initialDelay: 1")
                        .replace("path: /ready", "path: /ready\n    failureThreshold: 1"));
        try (World world = World.of(file)) {
            Await.until("both are ready", () -> states(world, "ready"::equals).size() == 2);
            world.awaitEligible("simple-webapi", 2);
            CompletableFuture<Boolean> killed = world.admin()
                    .http()
                    .sendAsync(
                            request("GET", world.admin().url() + "/api/v1/logs/simple-webapi?follow=true"),
                            BodyHandlers.ofLines())
                    .thenApply(answer -> answer.body()
                            .anyMatch(line -> line.matches("data: .*Killing replica simple-webapi_[-0-9a-f]* because it"
                                    + " has failed the liveness probe.*")));
            Set<String> names = states(world, state -> true);
            int restarts = restarts(world);
            String url = "http://127.0.0.1:" + ports.get(1);
            assertThat(world.admin().get("/api/v1/logs/simple-webapi").body())
                    .contains("is moving to an healthy state")
                    .contains("is moving to a ready state");

            assertThat(ask("POST", url + "/set?ready=false").statusCode()).isEqualTo(200);
            Await.until(
                    "one is healthy only",
                    () -> states(world, "healthy"::equals).size() == 1);
            world.awaitEligible("simple-webapi", 1);
            Set<String> answers = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                HttpResponse<String> answer = ask("GET", url + "/");
                assertThat(answer.statusCode()).isEqualTo(200);
                answers.add(answer.body());
            }
            assertThat(answers).hasSize(1);
            String resting = "http://127.0.0.1:" + portOf(world, "healthy");
            assertThat(ask("POST", resting + "/set?ready=false&for=1").statusCode())
                    .isEqualTo(200);
            Await.until(
                    "both are ready again", () -> states(world, "ready"::equals).size() == 2);
            assertThat(states(world, state -> true)).isEqualTo(names);

            assertThat(ask("POST", url + "/set?alive=false").statusCode()).isEqualTo(200);
            Await.until("another takes the place of one", () -> {
                Set<String> ready = states(world, "ready"::equals);
                return ready.size() == 2 && !ready.equals(names);
            });
            assertThat(restarts(world)).isEqualTo(restarts + 1);
            assertThat(killed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join())
                    .isTrue();
        }
    }

    private static int restarts(World world) {
        return world.service("simple-webapi").path("restarts").asInt();
    }

    private void compile(Path source) {
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", directory.toString(), source.toString());
        assertThat(code).isZero();
    }

    private static Set<String> states(World world, Predicate<String> wanted) {
        Set<String> names = new HashSet<>();
        for (JsonNode replica : world.service("simple-webapi").path("replicas")) {
            if (wanted.test(replica.path("state").asText())) {
                names.add(replica.path("name").asText());
            }
        }
        return names;
    }

    /** Returns where a replica in that state listens itself. */
    private static int portOf(World world, String state) {
        for (JsonNode replica : world.service("simple-webapi").path("replicas")) {
            if (replica.path("state").asText().equals(state)) {
                return replica.path("ports").path(0).asInt();
            }
        }
        throw new AssertionError("no replica is " + state);
    }

    private static HttpRequest request(String method, String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .method(method, BodyPublishers.noBody())
                .build();
    }

    private static HttpResponse<String> ask(String method, String url) {
        return Admin.at(url)
                .http()
                .sendAsync(request(method, url), BodyHandlers.ofString())
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String server() {
        return "-Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "
                + Path.of("target/test-classes").toAbsolutePath() + " io.myelin.endtoend.SwitchableServer";
    }
}

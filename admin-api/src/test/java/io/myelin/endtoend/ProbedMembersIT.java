package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Liveness and readiness of members that others run and a registry names. */
@Timeout(60)
class ProbedMembersIT {
    @TempDir
    Path directory;

    @Test
    void aMemberOfSomebodyElseIsTakenOutAndItsRestartHookCalledAndItComesBack()
            throws IOException, InterruptedException, StartException {
        Path hooks = directory.resolve("hooks");
        try (SwitchableServer a = new SwitchableServer("a", 0);
                SwitchableServer b = new SwitchableServer("b", 0)) {
            Path instances = Files.writeString(
                    directory.resolve("shop.json"),
                    "[{\"host\": \"127.0.0.1\", \"port\": %d, \"name\": \"a\"}, {\"host\": \"127.0.0.1\", \"port\": %d, \"name\": \"b\"}]"
                            .formatted(a.port(), b.port()));
            try (World world = World.from(directory, """
                    services:
                      shop:
                        port: 0
                        protocol: http
                        discovery: {method: file, path: %s}
                        liveness: {http: /lively, period: 20ms, timeout: 10s}
                        readiness: {http: /ready, period: 20ms, timeout: 10s}
                        restart_hook: [sh, -c, "echo $MYELIN_SERVICE $MYELIN_PORT $MYELIN_REASON >> %s"]
                    """.formatted(instances, hooks))) {
                world.awaitEligible("shop", 2);
                assertThat(serving(world)).containsExactly("a", "b");

                b.liveness(500);
                world.awaitEligible("shop", 1);
                assertThat(serving(world)).containsExactly("a");
                Await.until("the hook is called", () -> Files.exists(hooks) && lines(hooks) == 1);
                assertThat(Files.readString(hooks))
                        .startsWith("shop " + b.port() + " ")
                        .contains("http 500");
                world.await("shop", "the call is shown", service -> calls(service) == 1);

                b.liveness(200);
                world.awaitEligible("shop", 2);
                b.readiness(500);
                world.awaitEligible("shop", 1);
                assertThat(serving(world)).containsExactly("a");
                b.readiness(200);
                world.awaitEligible("shop", 2);
                assertThat(lines(hooks)).as("readiness restarts nothing").isEqualTo(1);
            }
        }
    }

    /** A process that is being started holds copies of all sockets for a moment, which must not be noticed. */
    @Test
    void noConnectionIsLostWhileProbesStartProcesses() throws IOException, InterruptedException, StartException {
        try (SwitchableServer server = new SwitchableServer("a", 0);
                World world = World.from(directory, """
                    services:
                      raw: {port: 0, protocol: tcp, servers: ["127.0.0.1:%d"]}
                      probed: {executable: sleep, args: ["1000"], replicas: 5, liveness: {exec: ["true"], period: 10ms}}
                    """.formatted(server.port()));
                Load load = Load.ofShortConnections(world.port("raw"), 16)) {
            Await.until("enough was asked", () -> load.requests() >= 5_000);
            assertThat(load.stop()).isEmpty();
        }
    }

    private static long calls(JsonNode service) {
        long calls = 0;
        for (JsonNode member : service.path("members")) {
            calls += member.path("restartHook").path("calls").asLong();
        }
        return calls;
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns who answers ten requests. */
    private static Set<String> serving(World world) throws IOException {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 10; i++) {
            try (RawClient client = RawClient.to(world.port("shop"))) {
                names.add(client.send("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
                        .readResponse()
                        .body()
                        .split(" ", 2)[0]);
            }
        }
        return names;
    }
}

package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that stay with their member, through a whole process read from a Synapse file. */
@Timeout(60)
class StickyIT {
    @TempDir
    Path directory;

    private final List<LoopbackBackend> backends = new ArrayList<>();

    @AfterEach
    void closeAll() {
        backends.forEach(LoopbackBackend::close);
    }

    private LoopbackBackend start(String name, int port) {
        LoopbackBackend backend = LoopbackBackend.running(port, conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write(
                        "HTTP/1.1 200 OK\r\nETag: x\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
            }
        });
        backends.add(backend);
        return backend;
    }

    /** Stops a server; returns once it takes no connection any more, which the thread that accepts them may delay. */
    private static void stop(LoopbackBackend backend) {
        backend.close();
        Await.until("nobody listens on " + backend.port(), () -> {
            try (Socket accepted = new Socket(InetAddress.getLoopbackAddress(), backend.port())) {
                return !accepted.isConnected();
            } catch (IOException refused) {
                return true;
            }
        });
    }

    private static Response get(World world, String cookie) throws IOException {
        try (RawClient client = RawClient.to(world.port("web"))) {
            String line = cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n";
            return client.send("GET / HTTP/1.1\r\nHost: web\r\n" + line + "\r\n")
                    .readResponse();
        }
    }

    private static String cookieOf(Response response) {
        return response.header("set-cookie").replace("; path=/", "");
    }

    @Test
    void scenario16AClientStaysMovesWhenItsMemberDiesAndStaysWhenThatIsBack()
            throws IOException, InterruptedException, StartException {
        LoopbackBackend one = start("one", Ports.free(1).get(0));
        int portOfOne = one.port();
        int portOfTwo = start("two", 0).port();
        String yaml = yaml(portOfOne, portOfTwo, 1);
        try (World world = World.from(directory, yaml)) {
            Response first = get(world, "");
            long startNanos = System.nanoTime();
            while (!first.body().equals("one")) {
                assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(20));
                first = get(world, "");
            }
            String cookie = cookieOf(first);
            assertThat(cookie).isEqualTo("SRVID=i-1_127.0.0.1:" + portOfOne);
            assertThat(first.header("cache-control")).isEqualTo("private");
            for (int i = 0; i < 4; i++) {
                assertThat(get(world, cookie).body()).isEqualTo("one");
            }

            stop(one);
            Response moved = get(world, cookie);
            assertThat(moved.body()).isEqualTo("two");
            assertThat(cookieOf(moved)).isEqualTo("SRVID=i-2_127.0.0.1:" + portOfTwo);
            world.awaitEligible("web", 1);
            assertThat(get(world, cookie).body()).isEqualTo("two");

            start("one", portOfOne);
            world.awaitEligible("web", 2);
            for (int i = 0; i < 4; i++) {
                assertThat(get(world, cookieOf(moved)).body()).isEqualTo("two");
            }
            assertThat(get(world, cookie).body()).isEqualTo("one");

            world.reload(yaml(portOfOne, portOfTwo, 0));
            world.awaitEligible("web", 1);
            for (int i = 0; i < 4; i++) {
                assertThat(get(world, "").body()).isEqualTo("two");
                assertThat(get(world, cookie).body()).isEqualTo("one");
            }
            assertCounters(world);
        }
    }

    @Test
    void scenario16TheCookieMayBeAHash()
            throws IOException, InterruptedException, StartException, NoSuchAlgorithmException {
        int port = start("one", 0).port();
        String yaml = """
                services:
                  web:
                    default_servers: [{name: i-1, host: 127.0.0.1, port: %d}]
                    haproxy: {port: 0, cookie_value_method: hash, listen: [mode http, cookie SRVID insert]}
                """.formatted(port);
        try (World world = World.from(directory, yaml)) {
            byte[] name = ("i-1_127.0.0.1:" + port).getBytes(UTF_8);
            assertThat(cookieOf(get(world, "")))
                    .isEqualTo("SRVID="
                            + HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-1").digest(name)));
        }
    }

    private static void assertCounters(World world) {
        JsonNode service = world.service("web");
        assertThat(service.path("members").path(0).path("cookie").asText()).startsWith("i-1_127.0.0.1:");
        JsonNode counters = service.path("counters");
        Metrics metrics = world.admin().metrics();
        assertThat(counters.path("stickyHits").asLong()).isGreaterThanOrEqualTo(13);
        assertThat(counters.path("stickyMisses").asLong()).isGreaterThanOrEqualTo(5);
        assertThat(counters.path("stickyRedispatches").asLong()).isEqualTo(2);
        assertThat(metrics.sum("myelin_pool_sticky_hits_total", "pool=\"web\""))
                .isEqualTo(counters.path("stickyHits").asInt());
        assertThat(metrics.sum("myelin_pool_sticky_misses_total", "pool=\"web\""))
                .isEqualTo(counters.path("stickyMisses").asInt());
        assertThat(metrics.sum("myelin_pool_sticky_redispatches_total", "pool=\"web\""))
                .isEqualTo(2);
    }

    private static String yaml(int portOfOne, int portOfTwo, int weightOfOne) {
        return """
                haproxy:
                  use_nerve_weights: true
                services:
                  web:
                    default_servers:
                      - {name: i-1, host: 127.0.0.1, port: %d, weight: %d}
                      - {name: i-2, host: 127.0.0.1, port: %d, weight: 1}
                    haproxy:
                      port: 0
                      bind_address: 127.0.0.1
                      backend_order: asc
                      server_options: "check inter 1s fastinter 100ms downinter 100ms rise 1 fall 2"
                      listen:
                        - mode http
                        - option redispatch
                        - cookie SRVID insert indirect nocache
                        - timeout connect 1s
                        - timeout client 10s
                        - timeout server 10s
                """.formatted(portOfOne, weightOfOne, portOfTwo);
    }
}

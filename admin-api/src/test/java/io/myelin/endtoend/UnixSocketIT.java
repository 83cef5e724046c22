package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.UnixBackend;
import io.myelin.testing.UnixConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service between Unix sockets, one of which expects the PROXY protocol. */
@Timeout(60)
class UnixSocketIT {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @TempDir
    Path directory;

    @Test
    void scenario22RequestsComeAndGoThroughSocketFiles() throws IOException, InterruptedException, StartException {
        Path member = directory.resolve("member.sock");
        Path plain = directory.resolve("x.sock");
        Path proxied = directory.resolve("x.prxy");
        String yaml = """
                services:
                  web:
                    default_servers: [{host: unix, port: %s, name: one}]
                    haproxy:
                      port: null
                      bind_address: %s
                      bind_options: mode 600
                      server_options: check inter 50ms
                      frontend: ["bind %s accept-proxy", "tcp-request session reject if { src 203.0.113.66 }"]
                      listen: [mode http, option forwardfor]
                """.formatted(member, plain, proxied);
        try (UnixBackend backend = UnixBackend.echoingHeads(member);
                World world = World.from(directory, yaml)) {
            assertThat(world.errors()).isEmpty();
            assertThat(world.output())
                    .contains("listening web http " + plain)
                    .contains("listening web http " + proxied);
            world.await(
                    "web",
                    "checked",
                    service -> service.path("members")
                            .path(0)
                            .path("verdict")
                            .path("state")
                            .asText()
                            .equals("passing"));

            assertThat(ask(plain, REQUEST)).startsWith("HTTP/1.1 200").doesNotContain("X-Forwarded-For");
            assertThat(ask(proxied, "PROXY TCP4 203.0.113.7 203.0.113.80 4711 443\r\n" + REQUEST))
                    .contains("X-Forwarded-For: 203.0.113.7\r\n");
            assertThat(ask(proxied, "PROXY TCP4 203.0.113.66 203.0.113.80 4711 443\r\n" + REQUEST))
                    .isEmpty();
            assertThat(ask(proxied, "PROXY TCP4 nonsense\r\n" + REQUEST)).isEmpty();

            JsonNode service = world.service("web");
            assertThat(service.path("members").path(0).path("address").asText()).isEqualTo(member.toString());
            assertThat(service.path("members").path(0).path("id").asText()).isEqualTo("one_" + member);
            assertThat(service.path("listeners").findValuesAsText("address"))
                    .containsExactly(plain.toString(), proxied.toString());
            assertThat(service.path("listeners").findValuesAsText("listening")).containsExactly("true", "true");
            assertThat(service.path("state").asText()).isEqualTo("up");
            assertThat(world.admin().metrics().sum("myelin_unrouted_failures_total", "reason=\"client_refused\""))
                    .isEqualTo(1);
            assertThat(world.admin()
                            .metrics()
                            .sum("myelin_unrouted_failures_total", "reason=\"malformed_proxy_header\""))
                    .isEqualTo(1);

            world.reload(yaml.replace("bind_address: " + plain, "bind_address: " + directory.resolve("y.sock")));
            assertThat(ask(directory.resolve("y.sock"), REQUEST)).startsWith("HTTP/1.1 200");
            assertThat(plain).doesNotExist();
            assertThat(ask(proxied, "PROXY UNKNOWN\r\n" + REQUEST)).startsWith("HTTP/1.1 200");
            assertThat(backend).isNotNull();
        }
        Await.until("the files are gone", () -> !Files.exists(proxied));
    }

    private static String ask(Path path, String bytes) throws IOException {
        try (UnixConnection client = UnixConnection.to(path)) {
            client.send(bytes);
            return client.readToEnd();
        } catch (IOException e) {
            // Closing with bytes unread makes the kernel send a reset.
            if (String.valueOf(e.getMessage()).contains("reset")) {
                return "";
            }
            throw e;
        }
    }
}

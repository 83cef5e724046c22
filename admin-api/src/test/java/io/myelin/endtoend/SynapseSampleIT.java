package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.discovery.zookeeper.EmbeddedZooKeeper;
import io.myelin.launcher.process.StartException;
import io.myelin.stats.PaastaReader;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scenario 1: a file with everything that the sample of Synapse's distribution has, with other ports: nothing is
 * written or reloaded, metrics are sent, one of two services has TLS, and statistics have a port of their own.
 */
@Timeout(60)
class SynapseSampleIT {
    private static final Path TLS = Path.of("../proxy-core/src/test/resources/tls");
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";

    @TempDir
    Path directory;

    private final LoopbackBackend first = LoopbackBackend.answering("first");
    private final LoopbackBackend second = LoopbackBackend.answering("second");
    private final EmbeddedZooKeeper ensemble = new EmbeddedZooKeeper();

    @AfterEach
    void closeAll() {
        first.close();
        second.close();
        ensemble.close();
    }

    @Test
    void scenario01TheSampleServesItsDefaultsWhileTheRegistryIsEmpty()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        ensemble.start();
        try (World world = World.of(sample(TLS.resolve("localhost.pem").toAbsolutePath()))) {
            world.awaitEligible("service1", 1);
            Await.until("it is ready", () -> world.admin().get("/ready").statusCode() == 200);

            assertThat(encrypted(world.port("service1")))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("first");
            assertThat(plain(world.port("service2"))).isEqualTo("second");
            world.await(
                    "service2",
                    "its registry is read",
                    service -> service.path("source").path("state").asText().equals("live"));
            assertThat(world.errors())
                    .contains("do_writes", "do_reloads", "reload_command", "there is no HAProxy process")
                    .doesNotContain("not started");

            String page = statistics(world, "/");
            assertThat(page).contains("<caption>service1</caption>", "<caption>service2</caption>");
            List<String> states = PaastaReader.lines(statistics(world, "/;csv;norefresh")).stream()
                    .map(line -> line.get("# pxname") + " " + line.get("svname") + " " + settled(line.get("status")))
                    .collect(Collectors.toList());
            assertThat(states)
                    .contains(
                            "service1 FRONTEND OPEN",
                            "service1 default1_localhost:" + first.port() + " UP",
                            "service1 BACKEND UP",
                            "service2 default2_localhost:" + second.port() + " UP");
        }
    }

    @Test
    void scenario01WithoutItsCertificateOnlyTheFirstServiceIsBad()
            throws IOException, InterruptedException, StartException {
        ensemble.start();
        try (World world = World.of(sample(directory.resolve("nowhere.pem")))) {
            world.awaitEligible("service2", 1);

            assertThat(world.errors()).contains("nowhere.pem is not there").contains("service service1: not started");
            assertThat(world.errors()).doesNotContain("service service2: not started");
            assertThat(plain(world.port("service2"))).isEqualTo("second");
            assertThat(statistics(world, "/;csv")).contains("service2,BACKEND,").doesNotContain("service1,");
        }
    }

    private static String statistics(World world, String target) throws IOException {
        try (RawClient client = RawClient.to(world.port("stats"))) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n")
                    .readResponse()
                    .body();
        }
    }

    /** Returns a status without how many checks are missing until it is the other one. */
    private static String settled(@Nullable String status) {
        return String.valueOf(status).split(" ", 2)[0];
    }

    private static String plain(int port) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            return client.send(GET).readResponse().body();
        }
    }

    private static String encrypted(int port) throws IOException, GeneralSecurityException {
        try (SSLSocket tls = (SSLSocket)
                TlsListenerIT.trustingAll().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            tls.setSoTimeout(10_000);
            tls.getOutputStream().write(GET.getBytes(ISO_8859_1));
            return new String(tls.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private Path sample(Path certificate) throws IOException {
        return Files.writeString(directory.resolve("synapse.conf.json"), """
                {
                  "services": {
                    "service1": {
                      "default_servers": [{"name": "default1", "host": "localhost", "port": %2$d}],
                      "discovery": {"method": "zookeeper", "path": "/services/service1", "hosts": ["%1$s"]},
                      "haproxy": {
                        "port": 0,
                        "bind_options": "ssl no-sslv3 crt %4$s",
                        "server_options": "check inter 2s rise 3 fall 2",
                        "listen": ["mode http", "option httpchk /health", "http-check expect status 200"]
                      }
                    },
                    "service2": {
                      "default_servers": [{"name": "default2", "host": "localhost", "port": %3$d}],
                      "discovery": {"method": "zookeeper", "path": "/services/service2", "hosts": ["%1$s"]},
                      "haproxy": {
                        "port": 0,
                        "server_options": "check inter 2s rise 3 fall 2",
                        "listen": ["mode http", "option httpchk /health", "http-check expect status 200"]
                      }
                    }
                  },
                  "haproxy": {
                    "reload_command": "sudo service haproxy reload",
                    "config_file_path": "/etc/haproxy/haproxy.cfg",
                    "do_writes": false,
                    "do_reloads": false,
                    "do_socket": false,
                    "bind_address": "127.0.0.1",
                    "global": ["daemon", "user haproxy", "group haproxy", "maxconn 4096", "log 127.0.0.1 local0"],
                    "defaults": [
                      "log global", "option dontlognull", "maxconn 2000", "retries 3", "timeout connect 5s",
                      "timeout client 1m", "timeout server 1m", "option redispatch", "balance roundrobin"
                    ],
                    "extra_sections": {
                      "listen stats 127.0.0.1:0": ["mode http", "stats enable", "stats uri /", "stats refresh 5s"]
                    }
                  },
                  "statsd": {"host": "localhost", "port": 8125, "sample_rate": {"synapse.watcher.ping.count": 0.1}}
                }
                """.formatted(
                        ensemble.connectString(), first.port(), second.port(), certificate));
    }
}

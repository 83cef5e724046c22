package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.http.ViolationReports;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is written about requests and tunnels, beside what was sent. */
@Timeout(60)
class AccessLogIT {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: web\r\nUser-Agent: t\"est\r\n\r\n";

    @TempDir
    Path directory;

    private final LoopbackBackend member = LoopbackBackend.answering("ok");
    private final LoopbackBackend echo = LoopbackBackend.running(
            conversation -> conversation.in().transferTo(conversation.socket().getOutputStream()));

    private final Logger reports = (Logger) LoggerFactory.getLogger(ViolationReports.class);

    @BeforeEach
    void logAsTheProgramDoes() {
        reports.setLevel(Level.INFO);
    }

    @AfterEach
    void closeAll() {
        reports.setLevel(null);
        member.close();
        echo.close();
    }

    private Path file() {
        return directory.resolve("access.log");
    }

    private String yaml(String accessLog) {
        return accessLog + """
                services:
                  web:
                    port: "127.0.0.1:0"
                    servers: ["127.0.0.1:%d"]
                    check: {tcp: true, interval: 50ms}
                  relay:
                    port: "127.0.0.1:0"
                    protocol: tcp
                    servers: ["127.0.0.1:%d"]
                  silent:
                    port: "127.0.0.1:0"
                    servers: ["127.0.0.1:%d"]
                    access_log: false
                """.formatted(member.port(), echo.port(), member.port());
    }

    private List<String> awaitLines(int count) {
        Await.until("there are " + count + " lines", () -> lines().size() >= count);
        assertThat(lines()).hasSize(count);
        return lines();
    }

    private List<String> lines() {
        try {
            return Files.exists(file()) ? Files.readAllLines(file(), US_ASCII) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    private static void request(int port) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void everyRequestAndTunnelIsALineOfTheFile() throws IOException, InterruptedException, StartException {
        String accessLog = "access_log: {to: '" + file() + "', format: json}\n";
        try (World world = World.from(directory, yaml(accessLog))) {
            request(world.port("silent"));
            request(world.port("web"));
            awaitLines(1);
            try (RawClient client = RawClient.to(world.port("relay"))) {
                client.send("hello").endOutput();
                assertThat(client.readToEnd()).isEqualTo("hello");
            }
            List<String> lines = awaitLines(2);

            JsonNode request = json(lines.get(0));
            assertThat(request.path("listener").asText()).isEqualTo("web");
            assertThat(request.path("member").asText()).isEqualTo("127.0.0.1:" + member.port());
            assertThat(request.path("target").asText()).isEqualTo("/a?b=c");
            assertThat(request.path("user_agent").asText()).isEqualTo("t\"est");
            assertThat(request.path("status").asInt()).isEqualTo(200);
            assertThat(request.path("snapshot").asLong())
                    .isEqualTo(world.service("web")
                            .path("snapshot")
                            .path("version")
                            .asLong());
            assertThat(member.received())
                    .anyMatch(head ->
                            head.contains("X-Request-Id: " + request.path("id").asText()));
            JsonNode tunnel = json(lines.get(1));
            assertThat(tunnel.path("protocol").asText()).isEqualTo("tcp");
            assertThat(tunnel.path("bytes_in").asInt()).isEqualTo(5);
            assertThat(tunnel.path("bytes_out").asInt()).isEqualTo(5);
        }
    }

    @Test
    void aRefusedRequestIsALineACountAndNoAlarm() throws IOException, InterruptedException, StartException {
        try (Log log = Log.open();
                World world = World.from(directory, yaml("access_log: {to: '" + file() + "'}\n"))) {
            for (int i = 0; i < 5; i++) {
                try (RawClient client = RawClient.to(world.port("web"))) {
                    client.send(
                            "GET / HTTP/1.1\r\nHost: web\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
                    assertThat(client.readResponse().status()).isEqualTo(400);
                }
            }
            List<String> lines = awaitLines(5);
            Metrics metrics = world.admin().metrics();

            assertThat(lines)
                    .allMatch(line -> line.contains(" \"-\" 400 ")
                            && line.contains(" failure=malformed_request rule=length_and_encoding "));
            assertThat(metrics.sum("myelin_http_violations_total", "side=\"request\"", "rule=\"length_and_encoding\""))
                    .isEqualTo(5);
            assertThat(metrics.sum("myelin_access_log_lines_total", "written")).isEqualTo(5);
            assertThat(world.admin()
                            .json("/api/v1/process")
                            .path("violations")
                            .path("requests")
                            .path("length_and_encoding")
                            .asInt())
                    .isEqualTo(5);
            assertThat(world.admin()
                            .json("/api/v1/process")
                            .path("accessLog")
                            .path("written")
                            .asInt())
                    .isEqualTo(5);
            assertThat(log.linesFrom(Level.INFO))
                    .filteredOn(line -> line.contains("Refused a request: listener=web"))
                    .singleElement()
                    .asString()
                    .contains(" rule=length_and_encoding clause=\"RFC 9112 section 6.3\" ");
            assertThat(log.linesFrom(Level.WARN)).isEmpty();
        }
    }

    @Test
    void checksAreCounted() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(""))) {
            world.await(
                    "web",
                    "checks pass",
                    service -> service.path("checks").path("passed").asInt() > 1);
            Metrics metrics = world.admin().metrics();

            assertThat(metrics.sum("myelin_pool_checks_total", "pool=\"web\"", "passed"))
                    .isGreaterThan(1);
            assertThat(metrics.sum("myelin_pool_checks_total", "pool=\"web\"", "failed"))
                    .isZero();
            assertThat(metrics.sum("myelin_pool_check_transitions_total", "pool=\"web\""))
                    .isEqualTo(1);
            assertThat(world.service("relay").path("checks").isMissingNode()
                            || world.service("relay").path("checks").isNull())
                    .isTrue();
        }
    }

    @Test
    void aReloadBeginsAndEndsTheLogAndLetsGoOfAFileThatWasMoved()
            throws IOException, InterruptedException, StartException {
        String accessLog = "access_log: {to: '" + file() + "'}\n";
        try (World world = World.from(directory, yaml(""))) {
            request(world.port("web"));
            assertThat(file()).doesNotExist();
            world.reload(yaml(accessLog));
            request(world.port("web"));
            awaitLines(1);
            Files.move(file(), directory.resolve("moved.log"));
            world.reload(yaml(accessLog));
            request(world.port("web"));
            awaitLines(1);
            world.reload(yaml(""));
            request(world.port("web"));
        }

        assertThat(lines()).hasSize(1);
        assertThat(directory.resolve("moved.log")).content().hasLineCount(1);
    }

    @Test
    void aSynapseFileLogsToItsSyslogServerAsHaproxyDid() throws IOException, InterruptedException, StartException {
        try (DatagramSocket syslog = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            syslog.setSoTimeout(10_000);
            String text = """
                    haproxy:
                      global: ["log 127.0.0.1:%d local0", "log 127.0.0.1:%d local1 notice"]
                      defaults: ["log global", "option dontlognull", "mode http"]
                    services:
                      web:
                        default_servers: [{name: i-7, host: 127.0.0.1, port: %d}]
                        haproxy:
                          port: 0
                          bind_address: 127.0.0.1
                          backend_name: web_az
                          listen: [option httplog, "capture request header Host len 64"]
                      relay:
                        default_servers: ["127.0.0.1:%d"]
                        haproxy: {port: 0, bind_address: 127.0.0.1, listen: [mode tcp, option tcplog]}
                    """.formatted(syslog.getLocalPort(), syslog.getLocalPort(), member.port(), echo.port());
            try (World world = World.from(directory, text)) {
                String head = "<134>[A-Z][a-z]{2} [ 123]\\d \\d\\d:\\d\\d:\\d\\d haproxy\\[\\d+]: ";
                String client = "127\\.0\\.0\\.1:\\d+ \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d\\.\\d{3}] ";
                request(world.port("web"));
                assertThat(received(syslog))
                        .matches(
                                head + client + "web web_az/i-7_127\\.0\\.0\\.1:\\d+ \\d+/0/\\d+/\\d+/\\d+ 200 \\d+ - -"
                                        + " ---- 1/1/0/0/0 0/0 \\{web} \"GET /a\\?b=c HTTP/1\\.1\"");
                try (RawClient connection = RawClient.to(world.port("web"))) {
                    connection.send("GARBAGE\r\n\r\n").readToEnd();
                }
                assertThat(received(syslog))
                        .matches(head + client + "web web/<NOSRV> -1/-1/-1/-1/\\d+ 400 \\d+ - - PR-- \\d/\\d/0/0/0 0/0"
                                + " \"<BADREQ>\"");
                try (RawClient connection = RawClient.to(world.port("relay"))) {
                    connection.send("hello").endOutput().readToEnd();
                }
                assertThat(received(syslog))
                        .matches(head + client + "relay relay/127\\.0\\.0\\.1:\\d+ 0/\\d+/\\d+ 5 -- \\d/\\d/0/0/0 0/0");
            }
        }
    }

    private static String received(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII);
    }
}

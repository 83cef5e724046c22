package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.process.StartException;
import io.myelin.stats.PaastaReader;
import io.myelin.stats.PaastaReader.Server;
import io.myelin.testing.Await;
import io.myelin.testing.Gate;
import io.myelin.testing.RawClient;
import io.myelin.testing.UnixConnection;
import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scenario 21: statistics on the port that a Synapse file names, as tools made for HAProxy read them. */
@Timeout(60)
class StatsIT {
    private static final String STATS =
            "listen stats 127.0.0.1:0\": [mode http, stats enable, stats uri /, stats refresh 5s]";

    @TempDir
    Path directory;

    private final Patient one = new Patient("one");
    private final Patient two = new Patient("two");
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void closeAll() {
        one.close();
        two.close();
    }

    @Test
    void scenario21ToolsSeeEveryStateOfAServer() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(STATS));
                RawClient client = RawClient.to(world.port("web"))) {
            Await.until(
                    "both passed a check",
                    () -> servers(world).stream()
                            .allMatch(server -> server.text("check_status").equals("L7OK")));
            Server up = server(world, "one");
            assertThat(up.up()).isTrue();
            assertThat(up.fields()).containsEntry("status", "UP").containsEntry("check_code", "200");
            assertThat(up.number("check_duration")).isNotNegative();
            assertThat(up.number("lastchg")).isNotNegative();
            assertThat(up.address()).matches("127\\.0\\.0\\.1:\\d+");

            client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
            List<String> totals = PaastaReader.lines(csv(world, "/;csv;norefresh;scope=web")).stream()
                    .map(line -> line.get("svname") + " " + line.get("hrsp_2xx"))
                    .toList();
            assertThat(totals).contains("FRONTEND 1", "BACKEND 1");

            Gate checks = new Gate();
            two.holdChecks(checks);
            two.answerChecksWith(Patient.ILL);
            checks.letOne();
            awaitStatus(world, "two", "UP 1/2");
            checks.letOne();
            awaitStatus(world, "two", "DOWN");
            Server down = server(world, "two");
            assertThat(down.up()).isFalse();
            assertThat(down.fields()).containsEntry("check_status", "L7STS").containsEntry("check_code", "500");
            assertThat(down.number("chkdown")).isEqualTo(1);
            assertThat(down.number("chkfail")).isEqualTo(2);
            two.answerChecksWith(Patient.WELL);
            checks.letOne();
            awaitStatus(world, "two", "DOWN 1/2");
            two.die();
            checks.open();
            Await.until(
                    "refused", () -> server(world, "two").text("check_status").equals("L4CON"));
            assertThat(PaastaReader.servers(csv(world, "/;csv;norefresh;scope=plain"), "plain"))
                    .extracting(server -> server.text("status"))
                    .containsExactly("no check");
            assertThat(csv(world, "/;csv;norefresh;scope=plain")).doesNotContain("\nweb,");
            assertThat(world.admin().get("/;csv").body().lines().count())
                    .isEqualTo(csv(world, "/;csv").lines().count());
        }
    }

    @Test
    void thePageIsForThoseWhoKnowThePassword() throws IOException, InterruptedException, StartException {
        String guarded =
                "listen status\": [\"bind 127.0.0.1:0\", stats uri /haproxy, stats refresh 3s, \"stats auth ops:sec:ret\"]";
        try (World world = World.from(directory, yaml(guarded))) {
            HttpResponse<String> refused = get(world.port("status"), "/haproxy", "");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Basic realm=\"HAProxy Statistics\"");
            assertThat(get(world.port("status"), "/haproxy", "ops:wrong").statusCode())
                    .isEqualTo(401);

            HttpResponse<String> page = get(world.port("status"), "/haproxy", "ops:sec:ret");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("refresh")).hasValue("3");
            assertThat(page.body()).contains("<caption>web</caption>");
            assertThat(get(world.port("status"), "/haproxy;norefresh", "ops:sec:ret")
                            .headers()
                            .firstValue("refresh"))
                    .isEmpty();
            assertThat(get(world.port("status"), "/else", "").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void statisticsAreShownOnAUnixSocket() throws IOException, InterruptedException, StartException {
        Path socket = directory.resolve("page.sock");
        try (World world = World.from(
                        directory, yaml("listen s\": [\"bind " + socket + " mode 600\", stats enable, stats uri /]"));
                UnixConnection connection = UnixConnection.to(socket)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            connection.send("GET /;csv HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n");
            assertThat(connection.readToEnd()).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\n\r\n# pxname,");

            world.reload(yaml(STATS));
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void aTakenPortHarmsOnlyTheStatistics() throws IOException, InterruptedException, StartException {
        try (ServerSocket taken = new ServerSocket(Ports.free(1).get(0))) {
            String section = "listen stats 127.0.0.1:" + taken.getLocalPort() + "\": [stats enable, stats uri /]";
            try (World world = World.from(directory, yaml(section));
                    RawClient client = RawClient.to(world.port("web"))) {
                assertThat(world.errors()).contains("listener stats 127.0.0.1:" + taken.getLocalPort());
                assertThat(client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
                leave(taken);
                world.reload(yaml(section));
                assertThat(csv(world, "/;csv")).startsWith("# pxname,");
                world.reload(yaml("listen none\": []"));
                assertThat(Ports.refused(taken.getLocalPort())).isTrue();
            }
        }
    }

    @Test
    void clientsThatComeAndStayDoNotTakeThePageAwayFromTheProcess()
            throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(STATS))) {
            List<RawClient> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 200; i++) {
                    idle.add(RawClient.to(world.port("stats")));
                }
                Await.until("those beyond the limit are closed", () -> closed(idle.get(199)));
            } finally {
                for (RawClient client : idle) {
                    client.close();
                }
            }
            Await.until("others are let in again", () -> asked(world));
        }
    }

    private static void leave(Closeable socket) throws IOException {
        socket.close();
    }

    private static boolean closed(RawClient client) {
        try {
            client.send("GET /;csv HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private boolean asked(World world) {
        try {
            return csv(world, "/;csv").startsWith("# pxname");
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void awaitStatus(World world, String name, String status) {
        Await.until(
                name + " is " + status, () -> server(world, name).text("status").equals(status));
    }

    private Server server(World world, String name) {
        return servers(world).stream()
                .filter(server -> server.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<Server> servers(World world) {
        return PaastaReader.servers(csv(world, "/;csv;norefresh;scope=web"), "web");
    }

    private String csv(World world, String target) {
        return get(world.port("stats"), target, "").body();
    }

    private HttpResponse<String> get(int port, String target, String user) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target));
        if (!user.isEmpty()) {
            String shown = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + shown);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString())
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private String yaml(String section) {
        return """
                haproxy:
                  extra_sections:
                    "%s
                services:
                  web:
                    default_servers: [%s, %s]
                    haproxy:
                      port: "0"
                      server_options: "check inter 2s fastinter 100 downinter 100 rise 2 fall 2"
                      listen: [mode http, option redispatch, option httpchk GET /health, timeout check 20s]
                  plain:
                    default_servers: [%s]
                    haproxy: {port: "0"}
                """.formatted(section, one.entry(), two.entry(), one.entry());
    }
}

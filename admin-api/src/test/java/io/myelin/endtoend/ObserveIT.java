package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.UnixConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members whose traffic says how they do, and what follows when they go down, as HAProxy's server options have it. */
@Timeout(60)
class ObserveIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
    private static final String BROKEN = "HTTP/1.1 503 Broken\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    Path directory;

    /** A member that passes its checks whatever it answers to others. */
    private static final class Pretender implements AutoCloseable {
        private final LoopbackBackend backend = LoopbackBackend.running(this::serve);
        private volatile String answer = OK;

        private void serve(LoopbackBackend.Conversation conversation) throws IOException {
            for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
                conversation.write(head.contains("/health") ? OK : answer);
            }
        }

        @Override
        public void close() {
            backend.close();
        }
    }

    @Test
    void aMemberThatAnswersChecksAndFailsRequestsIsTakenOutAndComesBack()
            throws IOException, InterruptedException, StartException {
        String options = "check inter 200 rise 1 fall 3 observe layer7 error-limit 4 on-error mark-down";
        try (Pretender good = new Pretender();
                Pretender bad = new Pretender();
                World world = World.from(directory, """
                        services:
                          web:
                            default_servers: ["127.0.0.1:%d", "127.0.0.1:%d"]
                            haproxy: {port: 0, server_options: "%s", listen: [mode http, option httpchk /health]}
                        """.formatted(good.backend.port(), bad.backend.port(), options));
                RawClient client = RawClient.to(world.port("web"))) {
            assertThat(world.errors()).isEmpty();
            world.await("web", "both passed a check", service -> count(service, "verdict", "passing") == 2);

            bad.answer = BROKEN;
            long startNanos = System.nanoTime();
            while (!world.service("web").path("history").toString().contains("errors in a row, the last: http 503")) {
                assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(20));
                client.send(GET).readResponse();
            }

            bad.answer = OK;
            JsonNode back = world.await("web", "it is back", service -> count(service, "verdict", "passing") == 2);
            assertThat(back.path("checks").path("alarms").asInt()).isPositive();
        }
    }

    @Test
    void membersBeginInMaintenanceAndTunnelsEndWithTheirMember()
            throws IOException, InterruptedException, StartException {
        Path socket = directory.resolve("s.sock");
        try (LoopbackBackend echo = echo();
                World world = World.from(directory, """
                        haproxy: {socket_file_path: %s}
                        services:
                          stream:
                            default_servers: [{name: a, host: 127.0.0.1, port: %d}]
                            haproxy:
                              port: 0
                              server_options: disabled on-marked-down shutdown-sessions
                        """.formatted(socket, echo.port()))) {
            String server = "stream/a_127.0.0.1:" + echo.port();
            assertThat(world.service("stream")
                            .path("members")
                            .path(0)
                            .path("state")
                            .asText())
                    .isEqualTo("draining");
            try (RawClient refused = RawClient.to(world.port("stream"))) {
                assertThat(refused.readToEnd()).isEmpty();
            }

            ask(socket, "enable server " + server);
            world.awaitEligible("stream", 1);
            try (RawClient client = RawClient.to(world.port("stream"))) {
                client.send("x");
                assertThat(client.socket().getInputStream().read()).isEqualTo('x');

                ask(socket, "disable server " + server);

                assertThat(client.ended()).isTrue();
            }
            assertThat(world.admin().metrics().sum("myelin_pool_failures_total", "reason=\"session_ended\""))
                    .isEqualTo(1);
        }
    }

    @Test
    void aRequestEndsWithItsMemberAndBackupsGiveWayToWhoComesUp()
            throws IOException, InterruptedException, StartException {
        Path socket = directory.resolve("s.sock");
        try (LoopbackBackend silent = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.readRequest();
                });
                World world = World.from(directory, """
                        admin: {socket: %1$s}
                        services:
                          web:
                            port: 0
                            servers:
                              - {name: a, host: 127.0.0.1, port: %2$d, disabled: true}
                              - {name: b, host: 127.0.0.1, port: %2$d, backup: true}
                            on_marked_down: shutdown_sessions
                            on_marked_up: shutdown_backup_sessions
                        """.formatted(socket, silent.port()));
                RawClient onBackup = RawClient.to(world.port("web"));
                RawClient onPrimary = RawClient.to(world.port("web"))) {
            onBackup.send(GET);
            silent.awaitRequest();

            ask(socket, "enable server web/a_127.0.0.1:" + silent.port());

            RawClient.Response ended = onBackup.readResponse();
            assertThat(ended.status()).isEqualTo(503);
            assertThat(ended.header("X-Myelin-Failure")).isEqualTo("session_ended");

            onPrimary.send(GET);
            silent.awaitRequest();
            ask(socket, "disable server web/a_127.0.0.1:" + silent.port());
            assertThat(onPrimary.readResponse().header("X-Myelin-Failure")).isEqualTo("session_ended");
        }
    }

    @Test
    void membersThatFollowOthersGoDownAndComeBackWithThem() throws IOException, InterruptedException, StartException {
        try (Patient patient = new Patient("p");
                World world = World.from(directory, """
                        services:
                          main:
                            port: 0
                            servers: [%1$s]
                            check: {http: /health, interval: 50ms, timeout: 10s, rise: 1, fall: 1}
                          admin:
                            default_servers: [%1$s]
                            haproxy:
                              port: 0
                              server_options: "track main/%%{name}_%%{host}:%%{port}"
                              listen: [mode http]
                        """.formatted(patient.entry()))) {
            assertThat(world.errors()).isEmpty();
            patient.answerChecksWith(Patient.ILL);
            world.awaitEligible("admin", 0);
            try (RawClient client = RawClient.to(world.port("admin"))) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(503);
            }
            JsonNode member = world.service("admin").path("members").path(0);
            assertThat(member.path("leader").asText()).startsWith("main/p_127.0.0.1:");
            assertThat(member.path("reason").asText())
                    .startsWith("follows main/p_127.0.0.1:")
                    .contains("http 500");

            patient.answerChecksWith(Patient.WELL);
            world.awaitEligible("admin", 1);
        }
    }

    private static LoopbackBackend echo() {
        return LoopbackBackend.running(conversation -> {
            for (int octet = conversation.in().read();
                    octet >= 0;
                    octet = conversation.in().read()) {
                conversation.write(new byte[] {(byte) octet});
            }
        });
    }

    private static void ask(Path socket, String command) throws IOException {
        try (UnixConnection connection = UnixConnection.to(socket)) {
            assertThat(connection.send(command + "\n").endOutput().readToEnd()).isEqualTo("\n");
        }
    }

    private static long count(JsonNode service, String part, String state) {
        long count = 0;
        for (JsonNode member : service.path("members")) {
            count += member.path(part).path("state").asText().equals(state) ? 1 : 0;
        }
        return count;
    }
}

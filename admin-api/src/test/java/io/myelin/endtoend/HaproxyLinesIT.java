package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lines of services that clients notice. */
@Timeout(60)
class HaproxyLinesIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    Path directory;

    @Test
    void failuresAreAnsweredWithPagesAndConnectionsEndAsAsked()
            throws IOException, InterruptedException, StartException {
        Path page = Files.writeString(
                directory.resolve("503.http"),
                "HTTP/1.0 503 Busy\nContent-Type: text/html\nConnection: close\n\n<b>busy</b>\n");
        try (LoopbackBackend member = LoopbackBackend.answering("member");
                World world = World.from(directory, """
                        services:
                          page: {default_servers: [], discovery: {method: base}, haproxy: {port: 0, listen: [mode http, errorfile 503 %s]}}
                          away: {default_servers: [], discovery: {method: base}, haproxy: {port: 0, listen: [mode http, errorloc 503 "http://other/"]}}
                          once: {default_servers: ["127.0.0.1:%d"], haproxy: {port: 0, listen: [mode http, option forceclose]}}
                        """.formatted(page, member.port()));
                RawClient client = RawClient.to(world.port("page"));
                RawClient sent = RawClient.to(world.port("away"))) {
            for (int i = 0; i < 2; i++) {
                Response busy = client.send(GET).readResponse();
                assertThat(busy.head()).startsWith("HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\n");
                assertThat(busy.body()).isEqualTo("<b>busy</b>\n");
                assertThat(busy.header("X-Myelin-Failure")).isEqualTo("no_member");
            }

            Response elsewhere = sent.send(GET).readResponse();
            assertThat(elsewhere.status()).isEqualTo(302);
            assertThat(elsewhere.header("Location")).isEqualTo("http://other/");

            for (int i = 0; i < 2; i++) {
                try (RawClient one = RawClient.to(world.port("once"))) {
                    Response last = one.send(GET).readResponse();
                    assertThat(last.body()).isEqualTo("member");
                    assertThat(last.header("Connection")).isEqualTo("close");
                    assertThat(one.ended()).isTrue();
                }
            }
            assertThat(member.connections()).isEqualTo(2);
        }
    }

    @Test
    void checksTellMembersWhatIsThoughtOfThem() throws IOException, InterruptedException, StartException {
        try (LoopbackBackend member = LoopbackBackend.answering("member");
                World world = World.from(directory, """
                        services:
                          told:
                            default_servers: [{name: i-1, host: 127.0.0.1, port: %d}]
                            haproxy:
                              port: 0
                              server_options: check inter 50
                              listen: [mode http, option httpchk GET /status, http-check send-state]
                        """.formatted(member.port()))) {
            assertThat(world.errors()).isEmpty();
            String address =
                    "; address=127.0.0.1; port=" + member.port() + "; name=told/i-1_127.0.0.1:" + member.port();
            Await.until(
                    "a check says UP",
                    () -> member.received().stream()
                            .anyMatch(head -> head.contains("X-Haproxy-Server-State: UP" + address + "; node=")));
            assertThat(member.received().get(0)).contains("X-Haproxy-Server-State: UP 1/3" + address);
        }
    }
}

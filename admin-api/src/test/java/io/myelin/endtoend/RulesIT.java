package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.launcher.process.StartException;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rules for requests and responses as files state them, from the line to the wire. */
@Timeout(60)
class RulesIT {
    @TempDir
    Path directory;

    private final LoopbackBackend member = LoopbackBackend.running(conversation -> {
        while (!conversation.readRequest().isEmpty()) {
            conversation.write("HTTP/1.1 200 OK\r\nServer: origin\r\nContent-Length: 2\r\n\r\nok");
        }
    });

    @AfterEach
    void closeMember() {
        member.close();
    }

    @Test
    void synapsesLinesHoldForOwnPortAndSharedFrontendOnce() throws IOException, InterruptedException, StartException {
        String yaml = """
                haproxy:
                  bind_address: 127.0.0.1
                  defaults: [mode http, timeout connect 1s, timeout tarpit 100ms]
                  shared_frontend:
                    - bind 127.0.0.1:0
                    - http-request set-header X-Front shared
                    - http-request redirect location /moved if { path /front }
                services:
                  web:
                    default_servers: [{name: one, host: 127.0.0.1, port: %d}]
                    haproxy:
                      port: 0
                      listen:
                        - acl chaos hdr(X-Chaos) -m found
                        - http-request deny if { path_beg /internal }
                        - reqidel ^X-Debug
                        - reqtarpit . if chaos
                        - reqadd X-Via:\\ myelin
                        - rspidel ^Server
                        - http-response set-header X-Served-By %%s
                      frontend: ["http-request set-header X-Front %%f"]
                      shared_frontend: [use_backend web]
                """.formatted(member.port());
        try (World world = World.from(directory, yaml);
                RawClient own = RawClient.to(world.port("web"));
                RawClient shared = RawClient.to(world.port("shared-frontend"));
                RawClient held = RawClient.to(world.port("web"))) {
            Response response =
                    own.send("GET / HTTP/1.1\r\nHost: h\r\nX-DEBUG: 1\r\n\r\n").readResponse();
            String asked = member.awaitRequest();
            Response viaShared = shared.send(get("/")).readResponse();
            String askedViaShared = member.awaitRequest();

            assertThat(response.header("X-Served-By")).isEqualTo("one_127.0.0.1:" + member.port());
            assertThat(response.head()).doesNotContain("Server:");
            assertThat(asked).contains("X-Via: myelin\r\n", "X-Front: web\r\n").doesNotContain("DEBUG");
            assertThat(asked.split("X-Via", -1)).hasSize(2);
            assertThat(viaShared.header("X-Served-By")).isEqualTo(response.header("X-Served-By"));
            assertThat(askedViaShared).contains("X-Via: myelin\r\n", "X-Front: shared\r\n");

            assertThat(own.send(get("/internal/x")).readResponse().status()).isEqualTo(403);
            assertThat(shared.send(get("/internal/x")).readResponse().status()).isEqualTo(403);
            assertThat(shared.send(get("/front")).readResponse().header("Location"))
                    .isEqualTo("/moved");
            assertThat(held.send("GET / HTTP/1.1\r\nHost: h\r\nX-Chaos: 1\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(500);

            Metrics metrics = world.admin().metrics();
            assertThat(metrics.sum("myelin_pool_failures_total", "reason=\"denied\""))
                    .isEqualTo(2);
            assertThat(metrics.sum("myelin_pool_failures_total", "reason=\"tarpitted\""))
                    .isEqualTo(1);
            assertThat(metrics.sum("myelin_unrouted_redirects_total")).isEqualTo(1);
            assertThat(world.errors()).doesNotContain("warning");
        }
    }

    @Test
    void nativeRulesAreThoseOfTheServiceWhateverFrontendItIsReachedBy()
            throws IOException, InterruptedException, StartException {
        String yaml = """
                services:
                  web:
                    servers: ["127.0.0.1:%d"]
                    port: 0
                    routes: [{path_prefix: /}]
                    request_headers: {set: {X-Real-IP: "%%[src]"}, remove: X-Debug}
                    response_headers: {remove: Server}
                    deny: [{when: {path_prefix: /internal}, status: 404}]
                    redirects: [{when: {path: /old}, to: "/new", status: 308}]
                frontends:
                  edge: {bind: "127.0.0.1:0", request_headers: {set: {X-Edge: "1"}}}
                """.formatted(member.port());
        try (World world = World.from(directory, yaml);
                RawClient own = RawClient.to(world.port("web"));
                RawClient edge = RawClient.to(world.port("edge"))) {
            Response response =
                    edge.send("GET / HTTP/1.1\r\nHost: h\r\nX-Debug: 1\r\n\r\n").readResponse();

            assertThat(response.head()).doesNotContain("Server:");
            assertThat(member.awaitRequest())
                    .contains("X-Real-IP: 127.0.0.1\r\n", "X-Edge: 1\r\n")
                    .doesNotContain("X-Debug");
            assertThat(edge.send(get("/internal")).readResponse().status()).isEqualTo(404);
            assertThat(own.send(get("/internal")).readResponse().status()).isEqualTo(404);
            assertThat(own.send(get("/old")).readResponse().status()).isEqualTo(308);

            world.reload(yaml.replace("status: 404", "status: 410"));
            assertThat(own.send(get("/internal")).readResponse().status()).isEqualTo(410);
            world.reload(yaml.replace("status: 404", "status: 418"));
            assertThat(own.send(get("/internal")).readResponse().status()).isEqualTo(410);
            assertThat(edge.send(get("/internal")).readResponse().status()).isEqualTo(410);
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }
}

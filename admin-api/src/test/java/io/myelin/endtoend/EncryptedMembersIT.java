package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.ServerProgram;
import io.myelin.testing.TestAuthority;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** nginx as a member that speaks TLS and asks for a certificate, configured as Synapse's users do, and natively. */
@Timeout(60)
class EncryptedMembersIT {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");

    @TempDir
    Path directory;

    @Test
    void membersAreSpokenToAndCheckedOverTls() throws IOException, InterruptedException, StartException {
        String program = ServerProgram.require("nginx", "nginx-light");
        Path authorities = AUTHORITY.write(directory.resolve("ca.pem"));
        Path own = TestAuthority.write(directory.resolve("own.pem"), AUTHORITY.issueClient("CN=proxy"));
        int port = ServerProgram.freePort();
        X509Bundle member = AUTHORITY.issue("web.example.org");
        Path settings = nginx(port, authorities, TestAuthority.write(directory.resolve("member.pem"), member));
        AUTHORITY.revoke(directory.resolve("crl.pem"), Instant.now().plus(Duration.ofDays(1)), member);
        try (ServerProgram nginx = ServerProgram.start(
                directory, Map.of(), List.of(program, "-e", "stderr", "-p", ".", "-c", settings.toString()))) {
            nginx.awaitPort(port);
            try (World world = World.from(directory, yaml(port, authorities, own))) {
                for (String name : List.of("synapse", "native")) {
                    world.await(
                            name,
                            "a check passed",
                            service -> service.at("/members/0/verdict/state")
                                    .asText()
                                    .equals("passing"));
                    world.awaitEligible(name, 1);
                }
                Await.until(
                        "a check found the stranger wrong",
                        () -> world.service("stranger").toString().contains("TLS handshake failed"));
                world.awaitEligible("stranger", 0);
                for (String name : List.of("synapse", "native")) {
                    assertThat(ask(world.port(name)).body()).as(name).isEqualTo("CN=proxy");
                }
                assertThat(ask(world.port("nobody")).status()).isEqualTo(400);
                JsonNode tls = world.service("native").path("memberTls").get(0);
                assertThat(tls.path("certificate").path("subject").asText()).isEqualTo("CN=proxy");
                assertThat(tls.path("trusted").get(0).path("subject").asText()).isEqualTo("CN=authority");
                assertThat(world.service("native")
                                .path("members")
                                .get(0)
                                .path("tls")
                                .path("handshakes")
                                .asInt())
                        .isPositive();

                Response asked = ask(world.port("asked"), "web.example.org:80");
                assertThat(asked.body()).isEqualTo("CN=proxy");
                assertThat(asked.header("X-Asked")).isEqualTo("web.example.org");
                assertThat(ask(world.port("asked"), "other.example.org").header("X-Myelin-Failure"))
                        .isEqualTo("tls_wrong_name");
                assertThat(ask(world.port("revoked")).header("X-Myelin-Failure"))
                        .isEqualTo("tls_revoked");

                TestAuthority.named("another").write(authorities);
                Await.until(
                        "the new authorities count",
                        () -> world.service("synapse").toString().contains("TLS handshake failed"));
                world.awaitEligible("synapse", 0);
                assertThat(ask(world.port("synapse")).status()).isEqualTo(503);
                assertThat(ask(world.port("nobody")).status()).isEqualTo(400);
            }
        }
    }

    private static Response ask(int port) {
        return ask(port, "web");
    }

    private static Response ask(int port, String host) {
        try (RawClient client = RawClient.to(port)) {
            return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").readResponse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path nginx(int port, Path authorities, Path certificate) throws IOException {
        return Files.writeString(directory.resolve("nginx.conf"), """
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/t1;
                  proxy_temp_path %1$s/t2;
                  fastcgi_temp_path %1$s/t3;
                  uwsgi_temp_path %1$s/t4;
                  scgi_temp_path %1$s/t5;
                  server {
                    listen 127.0.0.1:%2$d ssl;
                    ssl_certificate %3$s;
                    ssl_certificate_key %3$s;
                    ssl_client_certificate %4$s;
                    ssl_verify_client optional;
                    add_header X-Asked "$ssl_server_name" always;
                    location /health { return 204; }
                    location / {
                      if ($ssl_client_verify != SUCCESS) { return 400; }
                      return 200 $ssl_client_s_dn;
                    }
                  }
                }
                """.formatted(
                        directory, port, certificate, Files.copy(authorities, directory.resolve("clients.pem"))));
    }

    private static String yaml(int port, Path authorities, Path own) {
        return """
                services:
                  synapse:
                    default_servers: [{host: 127.0.0.1, port: %1$d, haproxy_server_options: "crt %3$s"}]
                    haproxy:
                      port: 0
                      server_options: "check inter 500ms"
                      listen: [mode http, option httpchk GET /health, timeout connect 5s]
                      backend: ["default-server ssl verify required ca-file %2$s sni str(web.example.org)"]
                  native:
                    servers: ["127.0.0.1:%1$d"]
                    port: 0
                    check: {tcp: true, interval: 500ms}
                    member_tls: {ca: %2$s, server_name: web.example.org, certificate: %3$s}
                  asked:
                    default_servers: ["127.0.0.1:%1$d"]
                    haproxy:
                      port: 0
                      server_options: "ssl ca-file %2$s crt %3$s sni req.hdr(host)"
                      listen: [mode http, retries 0]
                  revoked:
                    servers: ["127.0.0.1:%1$d"]
                    port: 0
                    retries: 0
                    member_tls: {ca: %2$s, crl: %4$s, server_name: web.example.org}
                  nobody:
                    servers: ["127.0.0.1:%1$d"]
                    port: 0
                    member_tls: {verify: false}
                  stranger:
                    servers: ["127.0.0.1:%1$d"]
                    port: 0
                    check: {http: /health, interval: 500ms}
                    member_tls: {ca: %2$s, server_name: other.example.org}
                """.formatted(port, authorities, own, authorities.resolveSibling("crl.pem"));
    }
}

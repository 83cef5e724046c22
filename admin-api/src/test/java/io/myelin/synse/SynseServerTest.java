package io.myelin.synse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.discovery.testing.TestIdentity;
import io.myelin.model.Clock;
import io.myelin.server.BindAddress;
import io.myelin.testing.RawClient;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SynseServerTest {
    private final SynseApi api = new SynseApi(
            new ScriptedPlugins(),
            new SynseSettings(
                    true, false, SynseSettings.DEFAULT_DEVICE_REBUILD, SynseSettings.DEFAULT_TRANSACTION_TTL, Map::of),
            Clock.SYSTEM);

    @Test
    void withACertificateItSpeaksTlsOnly(@TempDir Path directory)
            throws IOException, GeneralSecurityException, InterruptedException {
        TestIdentity identity = TestIdentity.in(directory);
        Path certificate = identity.certificate("own.crt");
        SslContext tls = SslContextBuilder.forServer(
                        certificate.toFile(), identity.key("own.key").toFile())
                .build();
        try (SynseServer server =
                SynseServer.start(new BindAddress("127.0.0.1", 0), api, tls::newHandler, Clock.SYSTEM)) {
            int port = server.address().getPort();
            HttpClient http =
                    HttpClient.newBuilder().sslContext(identity.context()).build();
            URI test = URI.create("https://localhost:" + port + "/test");
            assertThat(http.send(HttpRequest.newBuilder(test).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            try (Session session = new Session(http, URI.create("wss://localhost:" + port + "/v3/connect"))) {
                assertThat(session.ask("{'id':1,'event':'request/status'}")
                                .path("event")
                                .asText())
                        .isEqualTo("response/status");
            }
            try (RawClient plain = RawClient.to(port)) {
                plain.send("GET /test HTTP/1.1\r\nhost: a\r\n\r\n");
                assertThat(plain.readToEnd()).doesNotContain("HTTP/1.1");
            }
        }
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (SynseServer first =
                SynseServer.start(new BindAddress("127.0.0.1", 0), api, allocator -> null, Clock.SYSTEM)) {
            int port = first.address().getPort();

            assertThatThrownBy(() ->
                            SynseServer.start(new BindAddress("127.0.0.1", port), api, allocator -> null, Clock.SYSTEM))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("Synse's API cannot listen at 127.0.0.1:" + port + ": ");
        }
    }
}

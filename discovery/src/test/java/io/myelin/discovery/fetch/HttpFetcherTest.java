package io.myelin.discovery.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsServer;
import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.polling.PollException;
import io.myelin.discovery.testing.ScriptedApi;
import io.myelin.discovery.testing.TestIdentity;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests over TCP and TLS; those over Unix sockets are with Docker's tests. */
@Timeout(30)
class HttpFetcherTest {
    @TempDir
    Path keys;

    private final RegistryLoop loop = new RegistryLoop("test");
    private final HttpFetcher fetcher = new HttpFetcher(loop, Duration.ofSeconds(2), 1_000);
    private final ScriptedApi api = new ScriptedApi();

    @AfterEach
    void closeAll() {
        loop.close();
        api.close();
    }

    @Test
    void anAnswerMayComeInAnyFraming() {
        api.answerRaw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        assertThat(body(HttpOrigin.of("127.0.0.1", api.port()), null)).isEqualTo("abcde");
        api.answerRaw("HTTP/1.0 200 OK\r\n\r\nto the end");
        assertThat(body(HttpOrigin.of("localhost", api.port()), null)).isEqualTo("to the end");
    }

    @Test
    void anAnswerHasALimit() {
        api.answer("x".repeat(1_001));

        assertThatThrownBy(() -> body(HttpOrigin.of("127.0.0.1", api.port()), null))
                .hasMessageContaining("the answer is longer than 1000 bytes");
    }

    @Test
    void aSilentServerIsGivenUp() {
        HttpFetcher hasty = new HttpFetcher(loop, Duration.ofMillis(100), 1_000);
        api.fallSilent();

        assertThatThrownBy(() -> get(hasty, HttpOrigin.of("127.0.0.1", api.port()), null))
                .hasMessageContaining("http://127.0.0.1:" + api.port() + ": no answer in 100 ms");
    }

    @Test
    void aNameThatDoesNotExistIsAnError() {
        assertThatThrownBy(() -> body(HttpOrigin.of("a..b", 80), null)).hasMessageContaining("http://a..b: ");
    }

    @Test
    void anEncryptedServerMustShowATrustedCertificateOfItsName()
            throws IOException, GeneralSecurityException, PollException {
        TestIdentity identity = TestIdentity.in(keys);
        HttpsServer server = identity.server(false);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 6);
            exchange.getResponseBody().write("secret".getBytes(US_ASCII));
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            HttpOrigin named = new HttpOrigin(true, "localhost", port, "");
            Path pem = identity.certificate("ca.pem");
            Trust own = new Trust(trusting(pem));

            assertThat(body(named, own.context())).isEqualTo("secret");
            assertThat(own.context()).isSameAs(own.context());
            assertThatThrownBy(() -> body(named, new Trust(TlsFiles.NONE).context()))
                    .hasMessageContaining("unable to find valid");
            assertThatThrownBy(() -> body(new HttpOrigin(true, "127.0.0.1", port, ""), own.context()))
                    .hasMessageContaining("https://127.0.0.1:" + port);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aFileWithoutCertificatesIsSaid() throws IOException {
        Path empty = Files.writeString(keys.resolve("empty.pem"), "nothing");

        assertThatThrownBy(() -> new Trust(trusting(empty)).context())
                .isInstanceOf(PollException.class)
                .hasMessageStartingWith("ca_file: " + empty + " (expected: certificates in PEM)");
        assertThatThrownBy(() -> new Trust(trusting(keys.resolve("none.pem"))).context())
                .isInstanceOf(PollException.class)
                .hasMessageStartingWith("tls: " + keys.resolve("none.pem") + " cannot be read (expected: ");
    }

    private String body(HttpOrigin origin, @Nullable SslContext tls) {
        return get(fetcher, origin, tls);
    }

    private String get(HttpFetcher by, HttpOrigin origin, @Nullable SslContext tls) {
        CompletableFuture<String> body = new CompletableFuture<>();
        loop.execute(() -> by.send(origin, HttpCall.getJson("/"), tls).whenComplete((answer, failure) -> {
            if (answer != null) {
                body.complete(new String(answer.body(), US_ASCII));
            } else {
                body.completeExceptionally(failure);
            }
        }));
        return body.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static TlsFiles trusting(Path caFile) {
        return new TlsFiles(caFile, null, null);
    }
}

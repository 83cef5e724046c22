package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.RandomSource;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Probes of a server whose certificate names {@code localhost}, and that no authority vouches for. */
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
class TlsProbeTest {
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final HttpCheck REQUEST = new HttpCheck(
            "GET",
            "/",
            "HTTP/1.1",
            List.of(),
            new Expectation(Expectation.Kind.STATUS_AND_WHOLE_BODY, false, "200-299"));

    private final Checker checker = new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM);
    private KeyStore keys;
    private HttpsServer server;

    @BeforeAll
    void serve(@TempDir Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        keys = keys(directory.resolve("keys.p12"));
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 4);
            exchange.getResponseBody().write(new byte[4]);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    void stop() {
        server.stop(0);
        checker.close();
    }

    @Test
    void acceptsAnyCertificateWhenNobodyVerifies() throws InterruptedException {
        assertThat(ask(asker(false)).reason()).startsWith("http 200 in ");
    }

    @Test
    void refusesACertificateThatNoAuthorityVouchesFor() throws InterruptedException {
        ProbeResult result = ask(asker(true));

        assertThat(result.finding().status().passed()).isFalse();
        assertThat(result.reason()).startsWith("TLS failed: ").contains("path building failed");
    }

    @Test
    void acceptsATrustedCertificateOfLocalhostAtALoopbackAddress()
            throws IOException, InterruptedException, GeneralSecurityException {
        assertThat(ask(trusting("127.0.0.1")).reason()).startsWith("http 200 in ");
    }

    @Test
    void refusesATrustedCertificateThatNamesSomebodyElse()
            throws IOException, InterruptedException, GeneralSecurityException {
        ProbeResult result = ask(trusting("web.example.com"));

        assertThat(result.finding().status().passed()).isFalse();
        assertThat(result.reason()).startsWith("TLS failed: ").contains("web.example.com");
    }

    private Asker asker(boolean verify) {
        Endpoint endpoint = Endpoint.of("", "127.0.0.1", server.getAddress().getPort());
        return checker.asker(new Question.Http(REQUEST, true, verify), endpoint, LONG);
    }

    /** Returns what asks the server under the name of {@code host}, trusting its certificate. */
    private Asker trusting(String host) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SslContext context = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(trust)
                .build();
        TlsProbe probe = new TlsProbe(HttpProbe.within(LONG, REQUEST, Clock.SYSTEM), context, true, null);
        Endpoint endpoint = Endpoint.of("", host, server.getAddress().getPort());
        return (loop, answer) -> probe.ask(loop, endpoint, server.getAddress(), answer);
    }

    private ProbeResult ask(Asker asker) throws InterruptedException {
        EventLoop loop = checker.loop();
        Promise<ProbeResult> answer = loop.newPromise();
        loop.execute(() -> asker.ask(loop, answer));
        assertThat(answer.await(20, TimeUnit.SECONDS)).isTrue();
        return answer.getNow();
    }

    /** Makes a key and a certificate for {@code localhost}, which also counts as trusted when loaded as such. */
    private static KeyStore keys(Path file) throws IOException, InterruptedException, GeneralSecurityException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor())
                .as(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream input = Files.newInputStream(file)) {
            store.load(input, PASSWORD);
        }
        store.setCertificateEntry("trusted", store.getCertificate("own"));
        return store;
    }
}

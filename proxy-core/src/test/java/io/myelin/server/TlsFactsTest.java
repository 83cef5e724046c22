package io.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.log.AccessConfig;
import io.myelin.log.AccessRecord;
import io.myelin.model.Protocol;
import io.myelin.route.TlsFact;
import io.myelin.route.TlsView;
import io.myelin.server.ServerOptions.Transport;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestAuthority;
import io.myelin.testing.TestProxy;
import io.myelin.testing.TlsClient;
import io.myelin.tls.ClientAuth;
import io.myelin.tls.TlsConfig;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What records of requests and tunnels say about the TLS of their clients, over real sockets. */
@Timeout(30)
@Tag("sockets")
class TlsFactsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final X509Bundle WEB = AUTHORITY.issue("web.test");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"TLSv1.2, ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.3, TLS_AES_128_GCM_SHA256"})
    void aConnectionSaysOnceWhatItsHandshakeCameTo(String version, String cipher)
            throws IOException, GeneralSecurityException {
        X509Bundle somebody = AUTHORITY.issueClient("CN=somebody,O=Tests");
        TlsClient client = TlsClient.trusting(AUTHORITY, somebody)
                .asking("web.test")
                .offering("http/1.1")
                .using(version.equals("TLSv1.3") ? cipher : "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
                .speaking(version);
        try (LoopbackBackend member = LoopbackBackend.answering("hello");
                TestProxy proxy = started(Protocol.HTTP, member)) {
            for (int i = 0; i < 2; i++) {
                try (RawClient connection = client.open(proxy.port())) {
                    connection.send(GET).readResponse();
                    connection.send(GET).readResponse();
                }
                // Connections may be on different loops, and records are made after what they tell of was sent.
                proxy.awaitRecords(2 * (i + 1));
            }
            List<TlsView> views = proxy.awaitRecords(4).stream()
                    .map(AccessRecord::tls)
                    .map(Objects::requireNonNull)
                    .toList();

            assertThat(views.get(1)).isSameAs(views.get(0));
            assertThat(views.get(3)).isSameAs(views.get(2)).isNotSameAs(views.get(0));
            assertThat(views.get(0).text(TlsFact.RESUMED, "")).isEqualTo("0");
            assertThat(views.get(2).text(TlsFact.RESUMED, "")).isEqualTo("1");
            for (TlsView view : views) {
                assertThat(view.text(TlsFact.VERSION, "")).isEqualTo(version);
                assertThat(view.text(TlsFact.CIPHER, "")).isEqualTo(cipher);
                assertThat(view.text(TlsFact.SERVER_NAME, "")).isEqualTo("web.test");
                assertThat(view.text(TlsFact.ALPN, "")).isEqualTo("http/1.1");
                assertClient(view, somebody);
            }
        }
    }

    private static void assertClient(TlsView view, X509Bundle shown) throws GeneralSecurityException {
        HexFormat hex = HexFormat.of().withUpperCase();
        byte[] sha1 =
                MessageDigest.getInstance("SHA-1").digest(shown.getCertificate().getEncoded());
        String serial = shown.getCertificate().getSerialNumber().toString(16).toUpperCase(Locale.ROOT);

        assertThat(view.text(TlsFact.CLIENT_USED, "")).isEqualTo("1");
        assertThat(view.text(TlsFact.CLIENT_VERIFIED, "")).isEqualTo("0");
        assertThat(view.text(TlsFact.CLIENT_SUBJECT, "")).isEqualTo("/O=Tests/CN=somebody");
        assertThat(view.text(TlsFact.CLIENT_SUBJECT, "CN")).isEqualTo("somebody");
        assertThat(view.text(TlsFact.CLIENT_ISSUER, "")).isEqualTo("/CN=authority");
        assertThat(view.text(TlsFact.CLIENT_SHA1, "")).isEqualTo(hex.formatHex(sha1));
        assertThat(view.text(TlsFact.CLIENT_SERIAL, ""))
                .endsWith(serial)
                .hasSizeBetween(serial.length(), serial.length() + 1);
        assertThat(view.text(TlsFact.CLIENT_NOT_AFTER, "")).matches("\\d{12}Z");
        assertThat(view.text(TlsFact.CLIENT_NOT_BEFORE, "")).matches("\\d{12}Z");
    }

    @Test
    void aTunnelSaysItToo() throws IOException, GeneralSecurityException {
        try (LoopbackBackend echo = LoopbackBackend.running(conversation ->
                        conversation.in().transferTo(conversation.socket().getOutputStream()));
                TestProxy proxy = started(Protocol.TCP, echo)) {
            try (RawClient connection =
                    TlsClient.trusting(AUTHORITY).asking("web.test").open(proxy.port())) {
                connection.send("x");
                assertThat(connection.socket().getInputStream().read()).isEqualTo('x');
            }
            TlsView view = Objects.requireNonNull(proxy.awaitRecords(1).get(0).tls());

            assertThat(view.text(TlsFact.VERSION, "")).isEqualTo("TLSv1.3");
            assertThat(view.text(TlsFact.SERVER_NAME, "")).isEqualTo("web.test");
            assertThat(view.text(TlsFact.ALPN, "")).isNull();
            assertThat(view.text(TlsFact.CLIENT_USED, "")).isEqualTo("0");
            assertThat(view.text(TlsFact.CLIENT_SUBJECT, "")).isNull();
            assertThat(view.text(TlsFact.CLIENT_NOT_AFTER, "")).isNull();
        }
    }

    @Test
    void plainTextSaysNothing() throws IOException {
        try (LoopbackBackend member = LoopbackBackend.answering("hello");
                TestProxy proxy = TestProxy.http().with(AccessConfig.DEFAULT).start(member.port());
                RawClient connection = RawClient.to(proxy.port())) {
            connection.send(GET).readResponse();

            assertThat(proxy.awaitRecords(1).get(0).tls()).isNull();
        }
    }

    /** Returns a proxy that asks clients for certificates, without insisting. */
    private TestProxy started(Protocol protocol, LoopbackBackend member) throws IOException {
        String certificate =
                TestAuthority.write(directory.resolve("web.pem"), WEB).toString();
        String authority = AUTHORITY.write(directory.resolve("ca.pem")).toString();
        TlsConfig tls = TlsConfig.of(certificate, null)
                .with()
                .alpn(List.of("http/1.1"))
                .clientAuth(new ClientAuth(authority, false, null))
                .build();
        return TestProxy.of(protocol, Transport.AUTO)
                .with(AccessConfig.DEFAULT)
                .withListener(listener -> listener.addresses(
                        List.of(new BindAddress("127.0.0.1", 0).with(BindOptions.DEFAULT.withTls(tls)))))
                .start(member.port());
    }
}

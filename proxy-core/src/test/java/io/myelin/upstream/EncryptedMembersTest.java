package io.myelin.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.balance.ErrorWatch.Level;
import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.log.AccessConfig;
import io.myelin.model.Endpoint;
import io.myelin.model.ErrorReaction;
import io.myelin.model.MemberTls;
import io.myelin.model.ProxyVersion;
import io.myelin.pool.ObserveConfig;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.Await;
import io.myelin.testing.FreePorts;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.LoopbackBackend.Conversation;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestAuthority;
import io.myelin.testing.TestProxy;
import io.myelin.testing.TlsBackend;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that speak TLS, those that should and do not, and those that are somebody else. */
@Timeout(60)
@Tag("sockets")
class EncryptedMembersTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final TestAuthority TRUSTED = TestAuthority.named("trusted");
    private static final TestAuthority OTHER = TestAuthority.named("other");
    private static final X509Bundle GOOD =
            TRUSTED.issue(builder -> builder.addSanIpAddress("127.0.0.1"), "web.example.org");

    private final TestProxy proxy = TestProxy.http();
    private final TestProxy tcp = TestProxy.tcp();
    private final Path directory;
    private final Path authorities;
    private final List<LoopbackBackend> members = new ArrayList<>();

    EncryptedMembersTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        authorities = TRUSTED.write(directory.resolve("authorities.pem"));
    }

    @AfterEach
    void stop() {
        proxy.close();
        tcp.close();
        members.forEach(LoopbackBackend::close);
    }

    private static MemberTls trusting(Path file) {
        return MemberTls.VERIFIED.with().authorities(file.toString()).build();
    }

    private static UpstreamConfig upstream(MemberTls tls) {
        return UpstreamConfig.DEFAULT
                .with()
                .connectTimeout(Duration.ofSeconds(5))
                .tls(tls)
                .build();
    }

    private static UpstreamConfig once(MemberTls tls) {
        return upstream(tls).with().retries(0).build();
    }

    /** The same where the member says nothing, and nobody is to wait long for it. */
    private static UpstreamConfig hasty(MemberTls tls) {
        return once(tls).with().connectTimeout(Duration.ofMillis(500)).build();
    }

    private int member(X509Bundle certificate, LoopbackBackend.Script script)
            throws GeneralSecurityException, IOException {
        return added(TlsBackend.running(certificate, script));
    }

    private int added(LoopbackBackend member) {
        members.add(member);
        return member.port();
    }

    private static void greet(Conversation conversation) throws IOException {
        while (!conversation.readRequest().isEmpty()) {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        }
    }

    private Response ask() {
        try (RawClient client = RawClient.to(proxy.port())) {
            return client.send(GET).readResponse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void keptConnectionsCarryOneRequestAfterTheOther() throws IOException, GeneralSecurityException {
        proxy.with(upstream(trusting(authorities))).start(member(GOOD, EncryptedMembersTest::greet));
        try (RawClient client = RawClient.to(proxy.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.send(GET).readResponse().body()).isEqualTo("hello");
            }
        }
        assertThat(members.get(0).connections()).isEqualTo(1);
        assertThat(proxy.pool().snapshot().members().get(0).total(MemberCounter.REUSES))
                .isEqualTo(4);
    }

    static Stream<Arguments> whatIsWrong() {
        X509Bundle ofOther = OTHER.issue(builder -> builder.addSanIpAddress("127.0.0.1"), "web.example.org");
        X509Bundle ofSomebody = TRUSTED.issue("somebody.example.org");
        X509Bundle old = TRUSTED.issue(
                builder -> builder.addSanIpAddress("127.0.0.1")
                        .notBefore(Instant.now().minus(Duration.ofDays(20)))
                        .notAfter(Instant.now().minus(Duration.ofDays(1))),
                "web.example.org");
        return Stream.of(
                Arguments.of(ofOther, Failure.TLS_UNTRUSTED),
                Arguments.of(ofSomebody, Failure.TLS_WRONG_NAME),
                Arguments.of(old, Failure.TLS_EXPIRED));
    }

    @ParameterizedTest
    @MethodSource("whatIsWrong")
    void aMemberThatIsSomebodyElseIsNotSpokenTo(X509Bundle certificate, Failure reason)
            throws IOException, GeneralSecurityException {
        proxy.with(once(trusting(authorities)))
                .with(AccessConfig.DEFAULT)
                .start(member(certificate, EncryptedMembersTest::greet));
        Response response = ask();
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("X-Myelin-Failure")).isEqualTo(reason.label());
        assertThat(proxy.pool().total(reason)).isEqualTo(1);
        assertThat(proxy.pool().snapshot().members().get(0).total(MemberCounter.CONNECT_FAILURES))
                .isEqualTo(1);
        assertThat(proxy.awaitRecords(1).get(0).failure()).isEqualTo(reason);
        assertThat(members.get(0).received()).isEmpty();

        int good = member(GOOD, EncryptedMembersTest::greet);
        proxy.with(upstream(trusting(authorities))).apply();
        proxy.offer(members.get(0).port(), good);
        for (int i = 0; i < 4; i++) {
            assertThat(ask().status()).isEqualTo(200);
        }
        assertThat(proxy.pool().total(PoolCounter.REDISPATCHES)).isPositive();
    }

    @Test
    void whoeverAnswersIsTakenWhenNobodyHasToProveAnything() throws IOException, GeneralSecurityException {
        MemberTls lax = MemberTls.VERIFIED.with().verify(false).build();
        proxy.with(once(lax)).start(member(OTHER.issue("somebody.example.org"), EncryptedMembersTest::greet));
        assertThat(ask().body()).isEqualTo("hello");
    }

    @Test
    void plainTextAndSilenceAreNoHandshake() throws IOException {
        LoopbackBackend plain = LoopbackBackend.running(conversation -> {
            conversation.in().read();
            conversation.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            conversation.in().readAllBytes();
        });
        LoopbackBackend silent =
                LoopbackBackend.running(conversation -> conversation.in().readAllBytes());
        LoopbackBackend rude =
                LoopbackBackend.running(conversation -> conversation.in().read());
        added(plain);
        added(silent);
        added(rude);
        proxy.with(once(trusting(authorities))).start(plain.port());
        assertThat(ask().header("X-Myelin-Failure")).isEqualTo("tls_failed");
        proxy.offer(rude.port());
        assertThat(ask().header("X-Myelin-Failure")).isEqualTo("tls_failed");
        proxy.with(hasty(trusting(authorities))).apply();
        proxy.offer(silent.port());
        assertThat(ask().header("X-Myelin-Failure")).isEqualTo("tls_timeout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aMemberThatAsksForACertificateIsShownTheConfiguredOne(String protocol)
            throws IOException, GeneralSecurityException {
        int port = added(TlsBackend.running(0, GOOD, OTHER, EncryptedMembersTest::greet, protocol));
        Path own = TestAuthority.write(directory.resolve("own.pem"), OTHER.issueClient("CN=proxy"));
        proxy.with(once(trusting(authorities))).start(port);
        assertThat(ask().header("X-Myelin-Failure")).isEqualTo("tls_failed");
        proxy.with(once(trusting(authorities).with().certificate(own.toString()).build()))
                .apply();
        Await.until("the certificate is shown", () -> ask().status() == 200);
    }

    @Test
    void aCertificateThatIsRotatedToOneOfANewAuthorityFailsUntilThatIsTrusted()
            throws IOException, GeneralSecurityException {
        Path file = TRUSTED.write(directory.resolve("changing.pem"));
        LoopbackBackend before = TlsBackend.running(FreePorts.one(), GOOD, null, EncryptedMembersTest::greet);
        proxy.with(once(trusting(file))).start(before.port());
        assertThat(ask().status()).isEqualTo(200);
        before.close();
        X509Bundle rotated = OTHER.issue(builder -> builder.addSanIpAddress("127.0.0.1"), "web");
        members.add(TlsBackend.running(before.port(), rotated, null, EncryptedMembersTest::greet));
        Await.until(
                "the new certificate is seen",
                () -> ask().header("X-Myelin-Failure").equals("tls_untrusted"));
        OTHER.write(file);
        Await.until("the new authority is trusted", () -> ask().status() == 200);
        TestAuthority.put(file, "cut short");
        TRUSTED.write(file);
        Await.until(
                "a kept connection that began under other terms is not used",
                () -> ask().header("X-Myelin-Failure").equals("tls_untrusted"));
    }

    @Test
    void aFileThatIsMissingNamesItselfAndIsReadOnceItIsThere() throws IOException, GeneralSecurityException {
        Path file = directory.resolve("late.pem");
        proxy.with(once(trusting(file))).start(member(GOOD, EncryptedMembersTest::greet));
        assertThat(ask().header("X-Myelin-Failure")).isEqualTo("tls_failed");
        TRUSTED.write(file);
        Await.until("the file is read", () -> ask().status() == 200);
    }

    @Test
    void sessionsAreResumed() throws IOException, GeneralSecurityException {
        Queue<Long> created = new ConcurrentLinkedQueue<>();
        Queue<String> names = new ConcurrentLinkedQueue<>();
        LoopbackBackend.Script script = conversation -> {
            conversation.readRequest();
            SSLSession session = ((SSLSocket) conversation.socket()).getSession();
            created.add(session.getCreationTime());
            ((ExtendedSSLSession) session)
                    .getRequestedServerNames()
                    .forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
            conversation.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
        };
        MemberTls named =
                trusting(authorities).with().serverName("web.example.org").build();
        proxy.with(upstream(named)).start(member(GOOD, script));
        for (int i = 0; i < 3; i++) {
            assertThat(ask().body()).isEqualTo("hello");
        }
        assertThat(created).hasSize(3);
        assertThat(created.stream().distinct()).hasSizeLessThan(3);
        assertThat(names).containsOnly("web.example.org");
    }

    @Test
    void largeBodiesGoBothWays() throws IOException, GeneralSecurityException {
        String body = "0123456789abcdef".repeat(64 * 1024);
        proxy.with(upstream(trusting(authorities))).start(member(GOOD, conversation -> {
            conversation.readHead();
            String got = new String(conversation.read(body.length()), ISO_8859_1);
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + got.length() + "\r\n\r\n" + got);
        }));
        try (RawClient client = RawClient.to(proxy.port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(client.readResponse().body()).isEqualTo(body);
        }
        proxy.awaitQuiet();
    }

    @Test
    void aBodyThatEndsWithItsConnectionIsWholeOnlyIfTlsSaysSo() throws IOException, GeneralSecurityException {
        String head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
        int whole = member(GOOD, conversation -> {
            conversation.readRequest();
            conversation.write(head + "all of it");
        });
        int torn = added(LoopbackBackend.running(conversation -> {
            try {
                SSLSocket tls = TlsBackend.secure(conversation.socket(), GOOD);
                tls.getInputStream().read();
                tls.getOutputStream().write((head + "all of").getBytes(ISO_8859_1));
                tls.getOutputStream().flush();
                conversation.socket().shutdownOutput();
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }));
        proxy.with(upstream(trusting(authorities))).start(whole);
        assertThat(ask().body()).isEqualTo("all of it");
        assertThat(proxy.pool().total(Failure.RESPONSE_TRUNCATED)).isZero();
        proxy.offer(torn);
        assertThatThrownBy(this::ask).isInstanceOf(UncheckedIOException.class);
        Await.until("it is known to be torn", () -> proxy.pool().total(Failure.RESPONSE_TRUNCATED) == 1);
    }

    @Test
    void aProxyHeaderComesBeforeTheHandshake() throws IOException, GeneralSecurityException {
        int port = added(LoopbackBackend.running(conversation -> {
            StringBuilder line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                line.append((char) conversation.in().read());
            }
            try (SSLSocket tls = TlsBackend.secure(conversation.socket(), GOOD)) {
                InputStream in = tls.getInputStream();
                in.readNBytes(GET.length());
                String body = line.toString().strip();
                tls.getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(ISO_8859_1));
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }));
        proxy.with(upstream(trusting(authorities))
                        .with()
                        .sendProxy(ProxyVersion.V1)
                        .build())
                .start(port);
        assertThat(ask().body()).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 ");
    }

    @Test
    void anUpgradedConnectionStaysEncrypted() throws IOException, GeneralSecurityException {
        proxy.with(upstream(trusting(authorities))).start(member(GOOD, conversation -> {
            conversation.readHead();
            conversation.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            conversation.write(conversation.read(4));
        }));
        try (RawClient client = RawClient.to(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            assertThat(client.readHeadOnly().status()).isEqualTo(101);
            assertThat(client.send("ping").readToEnd()).isEqualTo("ping");
        }
        proxy.awaitQuiet();
    }

    @Test
    void tunnelsAreEncryptedAndEndInOrder() throws IOException, GeneralSecurityException {
        String text = "0123456789abcdef".repeat(64 * 1024);
        tcp.with(upstream(trusting(authorities))).start(member(GOOD, conversation -> {
            conversation.write(conversation.read(text.length()));
        }));
        try (RawClient client = RawClient.to(tcp.port())) {
            assertThat(client.send(text).readToEnd()).isEqualTo(text);
        }
        tcp.awaitQuiet();
        tcp.offer(member(GOOD, conversation -> {
            byte[] all = conversation.in().readAllBytes();
            conversation.write(all);
        }));
        try (RawClient client = RawClient.to(tcp.port())) {
            assertThat(client.send("the end is told").endOutput().readToEnd()).isEqualTo("the end is told");
        }
        tcp.awaitQuiet();
        tcp.with(once(trusting(authorities))).apply();
        tcp.offer(member(OTHER.issue("web"), conversation -> conversation.in().readAllBytes()));
        try (RawClient client = RawClient.to(tcp.port())) {
            assertThat(client.readToEnd()).isEmpty();
        }
        Await.until("it failed", () -> tcp.pool().total(Failure.TLS_UNTRUSTED) == 1);
    }

    @Test
    void aMembersOwnOptionsCountMore() throws IOException, GeneralSecurityException {
        int encrypted = member(OTHER.issue("web"), EncryptedMembersTest::greet);
        int plain = added(LoopbackBackend.answering("plain"));
        proxy.with(once(MemberTls.OFF)).start();
        proxy.offer(List.of(endpoint(encrypted, "ssl verify none")));
        assertThat(ask().body()).isEqualTo("hello");
        proxy.offer(List.of(endpoint(encrypted, "ssl")));
        assertThat(ask().header("X-Myelin-Failure")).isEqualTo("tls_untrusted");
        proxy.offer(List.of(endpoint(plain, "")));
        assertThat(ask().body()).isEqualTo("plain");
        proxy.with(hasty(trusting(authorities))).apply();
        Await.until(
                "plain text is refused, on the kept connection, too",
                () -> ask().header("X-Myelin-Failure").equals("tls_timeout"));
        proxy.offer(List.of(endpoint(plain, "no-ssl")));
        assertThat(ask().body()).isEqualTo("plain");
    }

    private static Endpoint endpoint(int port, String options) {
        return Endpoint.of("", "127.0.0.1", port).withOptions(options);
    }

    @Test
    void failedHandshakesCountAsErrorsOfTheMember() throws IOException, GeneralSecurityException {
        Queue<String> reasons = new ConcurrentLinkedQueue<>();
        UnaryOperator<PoolConfig.Builder> observed =
                pool -> pool.observe(new ObserveConfig(Level.CONNECTIONS, 2, ErrorReaction.MARK_DOWN));
        proxy.withPool(observed)
                .with(once(trusting(authorities)))
                .start(member(OTHER.issue("web"), EncryptedMembersTest::greet));
        proxy.pool().reportErrorsTo((endpoint, reaction, reason) -> reasons.add(reason));
        ask();
        ask();
        Await.until("it is noticed", () -> !reasons.isEmpty());
        assertThat(reasons.peek()).contains("tls_untrusted");
    }

    @Test
    void nothingIsLeftOfAClientThatLeavesDuringTheHandshake() throws IOException {
        LoopbackBackend silent =
                LoopbackBackend.running(conversation -> conversation.in().readAllBytes());
        added(silent);
        proxy.with(hasty(trusting(authorities))).start(silent.port());
        try (RawClient client = RawClient.to(proxy.port())) {
            client.send(GET);
            Await.until("the handshake began", () -> silent.connections() == 1);
        }
        proxy.awaitQuiet();
    }
}

package io.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.model.Clock;
import io.myelin.testing.Await;
import io.myelin.testing.FakeClock;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestAuthority;
import io.myelin.testing.TestProxy;
import io.myelin.testing.TlsClient;
import io.myelin.tls.CertificateFiles;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.ClientAuth;
import io.myelin.tls.HandshakeFailure;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.RevocationStatus;
import io.myelin.tls.SessionConfig;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import io.myelin.tls.TlsStatus;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What listeners do that speak TLS, over real sockets. */
@Timeout(60)
class TlsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final TestAuthority STRANGER = TestAuthority.named("stranger");
    private static final X509Bundle WEB = AUTHORITY.issue("web.test", "www.web.test");

    /** A ClientHello of TLS 1.1 with one cipher. */
    private static final byte[] HELLO_OF_TLS_1_1 = HexFormat.of()
            .parseHex("160301002f" + "0100002b" + "0302" + "00".repeat(32) + "00" + "0004c0130035" + "0100");

    private static LoopbackBackend member;

    @TempDir
    Path directory;

    private final FakeClock clock = new FakeClock();
    private TestProxy proxy = TestProxy.http();

    @BeforeAll
    static void start() {
        member = LoopbackBackend.answering("hello");
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    @Tag("sockets")
    void theNameThatAClientAsksForChoosesTheCertificate() throws IOException, GeneralSecurityException {
        write("1-default.pem", AUTHORITY.issue("default.test"));
        write("2-exact.pem", WEB);
        write("3-wild.pem", AUTHORITY.issue("*.wild.test"));
        write("4-other.pem", AUTHORITY.issue("b.wild.test"));
        start(TlsConfig.of(directory.toString(), null));
        TlsClient client = TlsClient.trusting(AUTHORITY);

        assertThat(client.subject(proxy.port())).isEqualTo("CN=default.test");
        assertThat(client.asking("web.test").subject(proxy.port())).isEqualTo("CN=web.test");
        assertThat(client.asking("WWW.web.Test").subject(proxy.port())).isEqualTo("CN=web.test");
        assertThat(client.asking("a.wild.test").subject(proxy.port())).isEqualTo("CN=*.wild.test");
        assertThat(client.asking("b.wild.test").subject(proxy.port())).isEqualTo("CN=b.wild.test");
        assertThat(client.asking("a.a.wild.test").subject(proxy.port())).isEqualTo("CN=default.test");
        assertThat(client.asking("nobody.test").subject(proxy.port())).isEqualTo("CN=default.test");
        assertThat(status().certificates())
                .extracting(CertificateStatus::subject)
                .containsExactly("CN=default.test", "CN=web.test", "CN=*.wild.test", "CN=b.wild.test");
    }

    @Test
    void whoAsksForNobodyIsRefusedWhereThatIsWanted() throws IOException, GeneralSecurityException {
        start(TlsConfig.of(write("web.pem", WEB).toString(), null)
                .with()
                .strictSni(true)
                .build());
        TlsClient client = TlsClient.trusting(AUTHORITY);

        assertThat(client.asking("web.test").subject(proxy.port())).isEqualTo("CN=web.test");
        assertThatThrownBy(() -> client.asking("nobody.test").connect(proxy.port()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        assertThatThrownBy(() -> TlsClient.trusting(AUTHORITY).connect(proxy.port()))
                .isInstanceOf(SSLException.class);
        awaitFailures(HandshakeFailure.UNKNOWN_NAME, 2);
    }

    @Test
    void namesThatAreGivenCountInsteadOfThoseOfTheCertificate() throws IOException, GeneralSecurityException {
        start(TlsConfig.of(List.of(
                CertificateFiles.of(
                        write("default.pem", AUTHORITY.issue("default.test")).toString(), null),
                new CertificateFiles(write("web.pem", WEB).toString(), null, List.of("Alias.test")))));
        TlsClient client = TlsClient.trusting(AUTHORITY);

        assertThat(client.asking("alias.test").subject(proxy.port())).isEqualTo("CN=web.test");
        assertThat(client.asking("web.test").subject(proxy.port())).isEqualTo("CN=default.test");
    }

    @Test
    void ofTwoKindsOfKeysTheClientGetsTheOneItCanUse() throws IOException, GeneralSecurityException {
        write("web.pem.rsa", AUTHORITY.issueRsa("web.test"));
        write("web.pem.ecdsa", WEB);
        start(TlsConfig.of(directory.resolve("web.pem").toString(), null));
        TlsClient client = TlsClient.trusting(AUTHORITY);

        assertThat(keyType(client)).isEqualTo("EC");
        client.speaking("TLSv1.2").using("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assertThat(keyType(client)).isEqualTo("RSA");
        assertThat(keyType(client.asking("web.test"))).isEqualTo("RSA");
        client.using("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        assertThat(keyType(client)).isEqualTo("EC");
    }

    @Test
    void anRsaKeyProvesItselfInEveryWayToShakeHands() throws IOException, GeneralSecurityException {
        start(TlsConfig.of(write("web.pem", AUTHORITY.issueRsa("web.test")).toString(), null)
                .with()
                .ciphers(List.of("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "AES128-GCM-SHA256"))
                .build());
        TlsClient client = TlsClient.trusting(AUTHORITY).asking("web.test");

        assertThat(subject(client.speaking("TLSv1.3"))).isEqualTo("CN=web.test");
        client.speaking("TLSv1.2");
        assertThat(subject(client.using("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")))
                .isEqualTo("CN=web.test");
        assertThat(subject(client.using("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")))
                .isEqualTo("CN=web.test");
        if (Runtime.version().feature() < 24) {
            // Later clients know nothing without forward secrecy.
            assertThat(subject(client.using("TLS_RSA_WITH_AES_128_GCM_SHA256"))).isEqualTo("CN=web.test");
        }
    }

    private String subject(TlsClient client) throws IOException {
        return client.subject(proxy.port());
    }

    private String keyType(TlsClient client) throws IOException {
        return client.shown(proxy.port()).getPublicKey().getAlgorithm();
    }

    @ParameterizedTest
    @CsvSource({
        "none,     nobody,   true",
        "none,     stranger, true",
        "optional, nobody,   true",
        "optional, good,     true",
        "optional, stranger, false",
        "required, nobody,   false",
        "required, good,     true",
        "required, stranger, false",
        "required, revoked,  false"
    })
    @Tag("sockets")
    void clientsAreAskedForCertificates(String mode, String who, boolean served)
            throws IOException, GeneralSecurityException {
        X509Bundle good = AUTHORITY.issueClient("CN=good,O=Tests");
        X509Bundle revoked = AUTHORITY.issueClient("CN=revoked");
        ClientAuth auth = new ClientAuth(
                AUTHORITY.write(directory.resolve("ca.pem")).toString(),
                mode.equals("required"),
                AUTHORITY
                        .revoke(directory.resolve("crl.pem"), Instant.now().plus(Duration.ofDays(1)), revoked)
                        .toString());
        start(web().with().clientAuth(mode.equals("none") ? null : auth).build());
        TlsClient client = TlsClient.trusting(
                AUTHORITY,
                switch (who) {
                    case "good" -> good;
                    case "revoked" -> revoked;
                    case "stranger" -> STRANGER.issueClient("CN=stranger");
                    default -> null;
                });

        assertThat(served(client)).isEqualTo(served);
        if (!served) {
            awaitFailures(who.equals("nobody") ? HandshakeFailure.NO_CERTIFICATE : HandshakeFailure.BAD_CERTIFICATE, 1);
        }
    }

    @Test
    void aListThatIsOutOfDateKeepsEverybodyOutAndIsTold() throws IOException, GeneralSecurityException {
        Path list = directory.resolve("crl.pem");
        Path ca = AUTHORITY.write(directory.resolve("ca.pem"));
        AUTHORITY.revoke(list, Instant.now().minus(Duration.ofHours(1)));
        start(web().with()
                .clientAuth(new ClientAuth(ca.toString(), true, list.toString()))
                .build());
        X509Bundle own = AUTHORITY.issueClient("CN=good");
        TlsClient client = TlsClient.trusting(AUTHORITY, own);

        assertThat(served(client)).isFalse();
        assertThat(status().error())
                .contains("crl.pem is out of date, so that nobody is let in for whom CN=authority vouches");
        assertThat(status().revocations()).extracting(RevocationStatus::issuer).containsExactly("CN=authority");

        AUTHORITY.revoke(list, Instant.now().plus(Duration.ofDays(1)));
        proxy.apply();
        assertThat(status().error()).isNull();
        assertThat(served(client)).isTrue();

        AUTHORITY.revoke(list, Instant.now().plus(Duration.ofDays(1)), own);
        proxy.apply();
        assertThat(served(client)).isFalse();
        assertThat(status().revocations()).extracting(RevocationStatus::revoked).containsExactly(2);
    }

    @Test
    void whoIsRefusedLearnsWhy() throws IOException, GeneralSecurityException {
        Path ca = AUTHORITY.write(directory.resolve("ca.pem"));
        start(web().with().clientAuth(new ClientAuth(ca.toString(), true, null)).build());
        X509Bundle expired = AUTHORITY.issue(
                builder -> builder.notBefore(Instant.now().minus(Duration.ofDays(2)))
                        .notAfter(Instant.now().minus(Duration.ofDays(1))),
                "late.test");

        awaitRefusal("unknown_ca", TlsClient.trusting(AUTHORITY, STRANGER.issueClient("CN=stranger")));
        awaitRefusal("certificate_expired", TlsClient.trusting(AUTHORITY, expired));
        awaitRefusal("certificate_required", TlsClient.trusting(AUTHORITY).speaking("TLSv1.3"));
    }

    /** A client of TLS 1.3 that still writes when it is refused may find the connection gone before it reads why. */
    private void awaitRefusal(String reason, TlsClient client) {
        Await.until("refused with " + reason, () -> refusal(client).contains(reason));
    }

    private String refusal(TlsClient client) {
        try {
            request(client);
            throw new AssertionError("served whom it should refuse");
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, true", "TLSv1.3, true", "TLSv1.2, false"})
    @Tag("sockets")
    void whoComesAgainIsSparedAFullHandshake(String protocol, boolean tickets)
            throws IOException, GeneralSecurityException {
        start(web().with()
                .sessions(new SessionConfig(tickets, Duration.ofMinutes(5), 100))
                .build());
        TlsClient client = TlsClient.trusting(AUTHORITY).speaking(protocol);

        // Both event loops serve some of them.
        for (int i = 0; i < 12; i++) {
            request(client);
        }
        Await.until("twelve handshakes are counted", () -> status().handshakes() == 12);
        assertThat(status().resumed()).isEqualTo(11);
    }

    @Test
    void keysOfSessionsAreReplacedAndForgotten() throws IOException, GeneralSecurityException {
        proxy.close();
        proxy = TestProxy.http(clock);
        start(web());
        TlsClient client = TlsClient.trusting(AUTHORITY);
        request(client);
        for (int i = 0; i < 4; i++) {
            clock.advance(SessionConfig.DEFAULT.lifetime());
            proxy.apply();
            request(client);
        }
        Await.until("five handshakes are counted", () -> status().handshakes() == 5);
        assertThat(status().resumed()).isEqualTo(4);

        for (int i = 0; i < 3; i++) {
            clock.advance(SessionConfig.DEFAULT.lifetime());
            proxy.apply();
        }
        request(client);
        Await.until("six handshakes are counted", () -> status().handshakes() == 6);
        assertThat(status().resumed()).isEqualTo(4);
    }

    @Test
    void sessionsOutliveANewCertificateButNotANewAuthority() throws IOException, GeneralSecurityException {
        Path ca = AUTHORITY.write(directory.resolve("ca.pem"));
        start(web().with().clientAuth(new ClientAuth(ca.toString(), true, null)).build());
        TlsClient client = TlsClient.trusting(AUTHORITY, AUTHORITY.issueClient("CN=good"));
        assertThat(served(client)).isTrue();

        write("web.pem", AUTHORITY.issue("web.test"));
        proxy.apply();
        assertThat(served(client)).isTrue();
        Await.until("two handshakes are counted", () -> status().handshakes() == 2);
        assertThat(status().resumed()).isEqualTo(1);

        TestAuthority.put(ca, STRANGER.own().getCertificatePEM());
        proxy.apply();
        assertThat(served(client)).isFalse();
        awaitFailures(HandshakeFailure.BAD_CERTIFICATE, 1);
    }

    @Test
    void whatIsSpokenInsideIsAgreedOn() throws IOException, GeneralSecurityException {
        start(web().with().alpn(List.of("http/1.1")).build());
        TlsClient client = TlsClient.trusting(AUTHORITY).offering("h2", "http/1.1");

        try (SSLSocket socket = client.connect(proxy.port())) {
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
        client.offering("h2");
        try (SSLSocket socket = client.connect(proxy.port())) {
            assertThat(socket.getApplicationProtocol()).isEmpty();
        }
    }

    @Test
    @Tag("sockets")
    void oldVersionsAndCiphersAreRefused() throws IOException, GeneralSecurityException {
        start(web());
        try (RawClient raw = RawClient.to(proxy.port())) {
            raw.send(HELLO_OF_TLS_1_1);
            // The alert protocol_version (RFC 5246, section 7.2).
            assertThat(raw.socket().getInputStream().readAllBytes()).endsWith(2, 70);
        }
        awaitFailures(HandshakeFailure.PROTOCOL, 1);
        TlsClient client =
                TlsClient.trusting(AUTHORITY).speaking("TLSv1.2").using("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
        assertThatThrownBy(() -> client.connect(proxy.port())).isInstanceOf(SSLException.class);
        awaitFailures(HandshakeFailure.CIPHER, 1);
    }

    /** A handshake costs a listener many times what it costs a client, who could ask for one after the other. */
    @Test
    @Tag("sockets")
    void whoWantsAnotherHandshakeOnTheSameConnectionIsTurnedAway() throws IOException, GeneralSecurityException {
        start(web());
        TlsClient client = TlsClient.trusting(AUTHORITY).speaking("TLSv1.2");
        int clients = 3;
        for (int i = 0; i < clients; i++) {
            try (SSLSocket socket = client.connect(proxy.port())) {
                RawClient connection = RawClient.over(socket);
                assertThat(connection.send(GET).readResponse().body()).isEqualTo("hello");
                assertThatThrownBy(() -> {
                            socket.startHandshake();
                            connection.send(GET).readResponse();
                        })
                        .isInstanceOf(IOException.class);
                Await.until("the connection is gone", () -> proxy.server().openConnections() == 0);
            }
        }
        assertThat(status().handshakes()).isEqualTo(clients);
        assertThat(served(client)).isTrue();
    }

    @Test
    void aClientThatDoesNotTrustTheListenerIsCounted() throws IOException, GeneralSecurityException {
        start(web());
        assertThatThrownBy(() -> TlsClient.trusting(STRANGER).connect(proxy.port()))
                .isInstanceOf(SSLException.class);
        awaitFailures(HandshakeFailure.REFUSED_BY_CLIENT, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("sockets")
    void whatIsNotTlsIsTurnedAway(boolean strictSni) throws IOException {
        start(web().with().strictSni(strictSni).build());
        for (String text : List.of(GET, "\0".repeat(100), "x", "\u0016\u0003\u0001")) {
            try (RawClient raw = RawClient.to(proxy.port())) {
                raw.send(text);
                if (text.length() < 5) {
                    raw.endOutput();
                }
                raw.readToEnd();
            }
        }
        awaitFailures(HandshakeFailure.NOT_TLS, 2);
        awaitFailures(HandshakeFailure.CLOSED, 2);
        assertThat(member.received()).noneMatch(head -> head.contains("nobody"));
        Await.until("all are gone", () -> proxy.server().openConnections() == 0);
    }

    @Test
    void unfinishedHandshakesEndAndKeepNobodyOut() throws IOException, GeneralSecurityException {
        Duration timeout = Duration.ofMillis(400);
        proxy.close();
        proxy = TestProxy.http(clock);
        start(web().with().handshakeTimeout(timeout).build());
        TlsClient client = TlsClient.trusting(AUTHORITY);
        List<RawClient> half = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                RawClient raw = RawClient.to(proxy.port());
                half.add(raw);
                raw.send(Arrays.copyOf(HELLO_OF_TLS_1_1, i % HELLO_OF_TLS_1_1.length));
            }
            assertThat(served(client)).isTrue();
            Await.until("only the 300 are there", () -> proxy.server().openConnections() == half.size());
            clock.advance(timeout);
            for (RawClient raw : half) {
                raw.readToEnd();
            }
        } finally {
            for (RawClient raw : half) {
                raw.close();
            }
        }
        awaitFailures(HandshakeFailure.TIMEOUT, 300);
        Await.until("all are gone", () -> proxy.server().openConnections() == 0);
    }

    @Test
    void aHundredNewCertificatesFailNoRequest() throws IOException, GeneralSecurityException {
        TlsConfig config = web();
        start(config);
        TlsClient client = TlsClient.trusting(AUTHORITY);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger requests = new AtomicInteger();
        List<Throwable> failed = new CopyOnWriteArrayList<>();
        try (RawClient kept = client.open(proxy.port())) {
            CompletableFuture<Void> strangers = CompletableFuture.runAsync(
                    () -> {
                        while (!over.get()) {
                            try (RawClient connection = client.open(proxy.port())) {
                                connection.send(GET).readResponse();
                                connection.send(GET).readResponse();
                                requests.addAndGet(2);
                            } catch (IOException e) {
                                failed.add(e);
                            }
                        }
                    },
                    task -> new Thread(task, "strangers").start());
            X509Bundle other = AUTHORITY.issue("web.test");
            for (int i = 0; i < 100; i++) {
                write("web.pem", i % 2 == 0 ? other : WEB);
                proxy.apply();
                assertThat(status().certificates().get(0).names()).hasSize(i % 2 == 0 ? 1 : 2);
                assertThat(status().error()).isNull();
                assertThat(kept.send(GET).readResponse().body()).isEqualTo("hello");
            }
            Await.until("more than a hundred were asked", () -> requests.get() > 100);
            over.set(true);
            strangers.orTimeout(10, TimeUnit.SECONDS).join();
        } finally {
            over.set(true);
        }
        assertThat(failed).isEmpty();
    }

    @Test
    void whatCannotBeUsedLeavesThePreviousCertificateInForce() throws IOException, GeneralSecurityException {
        Path file = directory.resolve("web.pem");
        start(web());
        X509Bundle next = AUTHORITY.issue("next.test");
        X509Bundle expired = AUTHORITY.issue(
                builder -> builder.notBefore(Instant.now().minus(Duration.ofDays(2)))
                        .notAfter(Instant.now().minus(Duration.ofDays(1))),
                "late.test");
        TlsClient client = TlsClient.trusting(AUTHORITY);

        assertThat(errorAfter(file, "cut short")).contains("web.pem has no certificate");
        assertThat(errorAfter(file, next.getCertificatePathPEM() + WEB.getPrivateKeyPEM()))
                .contains("web.pem: the private key is not that of the certificate");
        assertThat(errorAfter(file, expired.getCertificatePathPEM() + expired.getPrivateKeyPEM()))
                .contains("web.pem has expired: not_after=");
        assertThat(client.subject(proxy.port())).isEqualTo("CN=web.test");
        Files.delete(file);
        proxy.apply();
        assertThat(status().error()).contains("web.pem is not there");
        assertThat(client.subject(proxy.port())).isEqualTo("CN=web.test");

        write("web.pem", next);
        proxy.apply();
        assertThat(status().error()).isNull();
        assertThat(client.subject(proxy.port())).isEqualTo("CN=next.test");
    }

    private String errorAfter(Path file, String text) throws IOException {
        TestAuthority.put(file, text);
        proxy.apply();
        return String.valueOf(status().error());
    }

    @Test
    void oneBrokenFileOfADirectoryHarmsItselfOnly() throws IOException, GeneralSecurityException {
        Path first = write("a.pem", WEB);
        write("b.pem", AUTHORITY.issue("other.test"));
        start(TlsConfig.of(directory.toString(), null));
        TlsClient client = TlsClient.trusting(AUTHORITY);

        TestAuthority.put(first, "cut short");
        write("b.pem", AUTHORITY.issue("new.test"));
        write("c.pem", AUTHORITY.issue("third.test"));
        proxy.apply();
        assertThat(status().error()).contains("a.pem has no certificate");
        assertThat(status().certificates())
                .extracting(CertificateStatus::subject)
                .containsExactly("CN=web.test", "CN=new.test", "CN=third.test");
        assertThat(client.asking("third.test").subject(proxy.port())).isEqualTo("CN=third.test");
    }

    @Test
    @Tag("sockets")
    void otherSettingsTakeEffectWithoutClosingThePort() throws IOException, GeneralSecurityException {
        start(web());
        int port = proxy.port();
        TlsClient client = TlsClient.trusting(AUTHORITY);
        try (RawClient kept = client.open(port)) {
            configure(web().with().protocols(List.of("TLSv1.2")).build());
            proxy.apply();
            assertThat(proxy.port()).isEqualTo(port);
            assertThat(kept.send(GET).readResponse().body()).isEqualTo("hello");
            assertThatThrownBy(() -> client.speaking("TLSv1.3").connect(port)).isInstanceOf(SSLException.class);
            configure(TlsConfig.of(directory.resolve("nowhere.pem").toString(), null));
            proxy.apply();
            assertThat(served(client.speaking("TLSv1.2"))).isTrue();
        }
    }

    @Test
    void aFileThatIsMissingAtTheStartIsNamed() {
        configure(TlsConfig.of(directory.resolve("nowhere.pem").toString(), null));
        assertThat(proxy.apply())
                .extracting(ListenerStatus::error)
                .containsExactly(
                        directory + "/nowhere.pem is not there (expected: a PEM file with a certificate and its"
                                + " private key)");
    }

    @Test
    void anExpiredCertificateServesWhenThereIsNoOther() throws IOException, MalformedPemException {
        X509Bundle expired = AUTHORITY.issue(
                builder -> builder.notBefore(Instant.now().minus(Duration.ofDays(2)))
                        .notAfter(Instant.now().minus(Duration.ofDays(1))),
                "late.test");
        TlsIdentity identity =
                TlsIdentity.of(TlsConfig.of(write("late.pem", expired).toString(), null), Clock.SYSTEM);
        assertThat(identity.expired()).extracting(CertificateStatus::subject).containsExactly("CN=late.test");
    }

    private TlsConfig web() throws IOException {
        return TlsConfig.of(write("web.pem", WEB).toString(), null);
    }

    private Path write(String name, X509Bundle bundle) throws IOException {
        return TestAuthority.write(directory.resolve(name), bundle);
    }

    private void configure(TlsConfig tls) {
        proxy.withListener(listener ->
                listener.addresses(List.of(new BindAddress("127.0.0.1", 0).with(BindOptions.DEFAULT.withTls(tls)))));
    }

    private void start(TlsConfig tls) {
        configure(tls);
        proxy.start(member.port());
    }

    private boolean served(TlsClient client) {
        try {
            request(client);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void request(TlsClient client) throws IOException {
        try (RawClient connection = client.open(proxy.port())) {
            assertThat(connection.send(GET).readResponse().body()).isEqualTo("hello");
        }
    }

    private TlsStatus status() {
        return Objects.requireNonNull(proxy.server().listeners().get(0).tls());
    }

    private void awaitFailures(HandshakeFailure failure, long count) {
        Await.until(
                failure + " was counted " + count + " times: " + status().failures(),
                () -> status().failures().getOrDefault(failure, 0L) == count);
    }
}

package io.myelin.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.HandshakeCounter;
import io.myelin.balance.Member;
import io.myelin.model.MemberTls;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.LoopbackBackend.Conversation;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestAuthority;
import io.myelin.testing.TestProxy;
import io.myelin.testing.TlsBackend;
import io.netty.handler.ssl.OpenSsl;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of members that were revoked, and what is counted of handshakes with members. */
@Timeout(60)
@Tag("sockets")
class MemberTrustTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final X509Bundle GOOD = AUTHORITY.issue(builder -> builder.addSanIpAddress("127.0.0.1"), "web");

    private final TestProxy proxy = TestProxy.http();
    private final List<LoopbackBackend> members = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        proxy.close();
        members.forEach(LoopbackBackend::close);
    }

    private MemberTls.Builder trusting() throws IOException {
        return MemberTls.VERIFIED
                .with()
                .authorities(AUTHORITY.write(directory.resolve("ca.pem")).toString());
    }

    private TestProxy with(MemberTls tls) {
        return proxy.with(UpstreamConfig.DEFAULT
                .with()
                .retries(0)
                .connectTimeout(Duration.ofSeconds(10))
                .tls(tls)
                .build());
    }

    private void apply(MemberTls tls) {
        with(tls).apply();
        Await.until(
                "connections are encrypted that way",
                () -> proxy.pool().snapshot().encryption().settings().contains(tls));
    }

    private int added(LoopbackBackend member) {
        members.add(member);
        return member.port();
    }

    private int good() throws GeneralSecurityException, IOException {
        return added(TlsBackend.running(GOOD, MemberTrustTest::answerOnce));
    }

    private static void answerOnce(Conversation conversation) throws IOException {
        conversation.readRequest();
        conversation.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
    }

    private Response ask() {
        try (RawClient client = RawClient.to(proxy.port())) {
            return client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long counted(HandshakeCounter counter) {
        return proxy.pool().snapshot().members().stream()
                .mapToLong(member -> member.total(counter))
                .sum();
    }

    @Test
    void aMemberWhoseCertificateWasRevokedIsNotSpokenTo() throws IOException, GeneralSecurityException {
        Path list = directory.resolve("crl.pem");
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        AUTHORITY.revoke(list, tomorrow, GOOD);
        with(trusting().revocations(list.toString()).build()).start(good());
        assertThat(ask().header("X-Myelin-Failure")).isEqualTo("tls_revoked");
        assertThat(counted(HandshakeCounter.REVOKED)).isEqualTo(1);
        assertThat(members.get(0).received()).isEmpty();

        AUTHORITY.revoke(list, tomorrow);
        Await.until("the new list counts", () -> ask().status() == 200);
    }

    @Test
    void handshakesAreCounted() throws IOException, GeneralSecurityException {
        Assumptions.assumeTrue(OpenSsl.isAvailable(), "the JDK does not say which sessions are resumed");
        with(trusting().build()).start(good());
        for (int i = 0; i < 4; i++) {
            assertThat(ask().status()).isEqualTo(200);
        }
        assertThat(counted(HandshakeCounter.SUCCEEDED)).isEqualTo(4);
        assertThat(counted(HandshakeCounter.RESUMED)).isPositive();

        long before = counted(HandshakeCounter.RESUMED);
        MemberTls anew = trusting().resumes(false).build();
        apply(anew);
        for (int i = 0; i < 4; i++) {
            assertThat(ask().status()).isEqualTo(200);
        }
        assertThat(counted(HandshakeCounter.SUCCEEDED)).isEqualTo(8);
        assertThat(counted(HandshakeCounter.RESUMED)).isEqualTo(before);
    }

    @Test
    void whyHandshakesFailIsCounted() throws IOException, GeneralSecurityException {
        TestAuthority other = TestAuthority.named("other");
        with(trusting().protocols(List.of("TLSv1.3")).build());
        proxy.start(added(TlsBackend.running(other.issue("web"), MemberTrustTest::answerOnce)));
        awaitCounted(HandshakeCounter.UNTRUSTED);
        fails(TlsBackend.running(AUTHORITY.issue("other"), MemberTrustTest::answerOnce), HandshakeCounter.WRONG_NAME);
        fails(TlsBackend.running(0, GOOD, null, MemberTrustTest::answerOnce, "TLSv1.2"), HandshakeCounter.PROTOCOL);
        fails(TlsBackend.running(0, GOOD, other, MemberTrustTest::answerOnce, "TLSv1.3"), HandshakeCounter.REFUSED);
        fails(LoopbackBackend.running(conversation -> conversation.in().read()), HandshakeCounter.CLOSED);
        fails(
                LoopbackBackend.running(conversation -> conversation.write("HTTP/1.1 400 Bad Request\r\n\r\n")),
                HandshakeCounter.NOT_TLS);
        apply(trusting().authorities("/nowhere.pem").build());
        awaitCounted(HandshakeCounter.UNUSABLE);
    }

    @Test
    void silenceIsCountedAsTimeout() throws IOException {
        UpstreamConfig hasty = UpstreamConfig.DEFAULT
                .with()
                .retries(0)
                .connectTimeout(Duration.ofMillis(100))
                .tls(trusting().build())
                .build();
        proxy.with(hasty).start();
        fails(LoopbackBackend.running(conversation -> conversation.in().readAllBytes()), HandshakeCounter.TIMEOUT);
    }

    private void fails(LoopbackBackend member, HandshakeCounter reason) {
        proxy.offer(added(member));
        awaitCounted(reason);
    }

    private void awaitCounted(HandshakeCounter reason) {
        assertThat(ask().status()).isIn(502, 503);
        Member member = proxy.pool().snapshot().members().get(0);
        Await.until(reason + " is counted", () -> member.total(reason) > 0);
    }
}

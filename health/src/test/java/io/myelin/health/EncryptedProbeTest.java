package io.myelin.health;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.MemberTls;
import io.myelin.model.ProxyVersion;
import io.myelin.model.RandomSource;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.TestAuthority;
import io.myelin.testing.TlsBackend;
import io.myelin.tls.MemberContext;
import io.myelin.tls.MemberContexts;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks of members that speak TLS, or should. */
@NullMarked
@Timeout(30)
class EncryptedProbeTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration BRIEF = Duration.ofMillis(100);
    private static final HttpCheck GET = new HttpCheck("GET", "/", "HTTP/1.0", List.of(), Expectation.SUCCESS);
    private static final TestAuthority TRUSTED = TestAuthority.named("trusted");
    private static final X509Bundle GOOD = TRUSTED.issue(builder -> builder.addSanIpAddress("127.0.0.1"), "web");

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final MemberContexts contexts = new MemberContexts(Runnable::run, Clock.SYSTEM);
    private final List<LoopbackBackend> members = new ArrayList<>();
    private final MemberTls tls;

    EncryptedProbeTest(@TempDir Path directory) throws IOException {
        tls = MemberTls.VERIFIED
                .with()
                .authorities(TRUSTED.write(directory.resolve("ca.pem")).toString())
                .build();
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        contexts.close();
        members.forEach(LoopbackBackend::close);
    }

    @Test
    void aHandshakeOrAnAnswerIsFoundGood() throws IOException, GeneralSecurityException, InterruptedException {
        Endpoint member = member(TlsBackend.running(GOOD, EncryptedProbeTest::greet));
        assertThat(ask(member, config(null, tls)).status()).isEqualTo(CheckStatus.L6OK);
        assertThat(ask(member, config(GET, tls)).status()).isEqualTo(CheckStatus.L7OK);
        assertThat(ask(member, config(GET, MemberTls.OFF)).status()).isNotEqualTo(CheckStatus.L7OK);
        assertThat(ask(member.withOptions("check-ssl verify none"), config(GET, MemberTls.OFF))
                        .status())
                .isEqualTo(CheckStatus.L7OK);
        assertThat(ask(member.withOptions("ssl no-check-ssl"), config(null, MemberTls.OFF))
                        .status())
                .isEqualTo(CheckStatus.L4OK);
    }

    @Test
    void aMemberThatIsSomebodyElseOrNobodyFails() throws IOException, GeneralSecurityException, InterruptedException {
        X509Bundle other = TestAuthority.named("other").issue("web");
        Finding untrusted = ask(member(TlsBackend.running(other, EncryptedProbeTest::greet)), config(null, tls));
        assertThat(untrusted.status()).isEqualTo(CheckStatus.L6RSP);
        assertThat(untrusted.text()).contains("TLS handshake failed");

        Endpoint plain = member(LoopbackBackend.running(conversation -> {
            conversation.in().read();
            conversation.write("HTTP/1.1 400 Bad Request\r\n\r\n");
        }));
        assertThat(ask(plain, config(GET, tls)).status()).isEqualTo(CheckStatus.L6RSP);

        Endpoint silent =
                member(LoopbackBackend.running(conversation -> conversation.in().readAllBytes()));
        CheckConfig impatient = config(GET, tls).with().connectTimeout(BRIEF).build();
        assertThat(ask(silent, impatient).status()).isEqualTo(CheckStatus.L6TOUT);

        MemberTls broken = tls.with().authorities("/nowhere.pem").build();
        assertThat(ask(plain, config(GET, broken)).text()).contains("/nowhere.pem is not there");
    }

    @Test
    void checksAtAnotherPortAreInTheClearUnlessTheySayOtherwise()
            throws IOException, GeneralSecurityException, InterruptedException {
        Endpoint plain = member(LoopbackBackend.answering("fine"));
        Endpoint encrypted = member(TlsBackend.running(GOOD, EncryptedProbeTest::greet));
        String atPlain = "port " + plain.port();
        String atEncrypted = "port " + encrypted.port();
        assertThat(ask(encrypted.withOptions(atPlain), config(GET, tls)).status())
                .isEqualTo(CheckStatus.L7OK);
        assertThat(ask(plain.withOptions(atEncrypted + " check-ssl"), config(GET, tls))
                        .status())
                .isEqualTo(CheckStatus.L7OK);
    }

    @Test
    void aProxyHeaderComesBeforeTheHandshake() throws IOException, GeneralSecurityException, InterruptedException {
        Endpoint member = member(LoopbackBackend.running(conversation -> {
            if (new String(conversation.read(15), US_ASCII).equals("PROXY UNKNOWN\r\n")) {
                try (SSLSocket secured = TlsBackend.secure(conversation.socket(), GOOD)) {
                    secured.startHandshake();
                } catch (GeneralSecurityException e) {
                    throw new IOException(e);
                }
            }
        }));
        assertThat(ask(
                                member,
                                config(null, tls)
                                        .with()
                                        .sendProxy(ProxyVersion.V1)
                                        .build())
                        .status())
                .isEqualTo(CheckStatus.L6OK);
    }

    @Test
    void filesThatChangeWhileItConnectsDoNotFailIt()
            throws IOException, GeneralSecurityException, InterruptedException {
        Endpoint member = member(TlsBackend.running(GOOD, EncryptedProbeTest::greet));
        assertThat(ask(member, config(GET, tls), this::changeFiles).status()).isEqualTo(CheckStatus.L7OK);

        Finding ended = ask(member, config(GET, tls), contexts::close);
        assertThat(ended.status()).isEqualTo(CheckStatus.L6RSP);
        assertThat(ended.text()).contains("TLS cannot be used");
    }

    private void changeFiles() {
        try {
            Path file = Path.of(Objects.requireNonNull(tls.authorities()));
            TestAuthority.put(file, Files.readString(file) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        contexts.refresh();
    }

    private static void greet(LoopbackBackend.Conversation conversation) throws IOException {
        while (!conversation.readRequest().isEmpty()) {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        }
    }

    private Endpoint member(LoopbackBackend backend) {
        members.add(backend);
        return Endpoint.of("", "127.0.0.1", backend.port());
    }

    private static CheckConfig config(@Nullable HttpCheck http, MemberTls tls) {
        return CheckConfig.every(LIMIT)
                .with()
                .rise(1)
                .fall(1)
                .http(http)
                .tls(tls)
                .build();
    }

    private Finding ask(Endpoint endpoint, CheckConfig config) throws InterruptedException {
        return ask(endpoint, config, () -> {});
    }

    /** Asks, and runs {@code meanwhile} as soon as it is known what the connection is to be encrypted with. */
    private Finding ask(Endpoint endpoint, CheckConfig config, Runnable meanwhile) throws InterruptedException {
        AtomicBoolean first = new AtomicBoolean(true);
        EventLoop loop = group.next();
        Promise<ProbeResult> answer = loop.newPromise();
        CheckEncryption encryption = (wanted, executor, callback) -> contexts.resolve(wanted, executor, context -> {
            callback.accept(new OfMember(context));
            if (first.getAndSet(false)) {
                meanwhile.run();
            }
        });
        try (HostNames names = new HostNames(InetAddress::getByName)) {
            CheckPlan plan = CheckPlan.of(config, names, Clock.SYSTEM, RandomSource.SYSTEM, encryption);
            loop.execute(() -> plan.ask(loop, endpoint, answer));
            assertThat(answer.await(25, TimeUnit.SECONDS)).isTrue();
        }
        return answer.getNow().finding();
    }

    private record OfMember(MemberContext context) implements CheckEncryption.Context {
        @Override
        public String broken() {
            return context.broken();
        }

        @Override
        public @Nullable SslHandler newHandler(ByteBufAllocator allocator, Endpoint endpoint) {
            return context.newHandler(allocator, endpoint);
        }
    }
}

package io.myelin.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.failure.Failure;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.MemberTls;
import io.myelin.net.HostResolver;
import io.myelin.net.Loop;
import io.myelin.net.Loops;
import io.myelin.net.SocketTypes;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.TestAuthority;
import io.myelin.testing.TlsBackend;
import io.myelin.tls.MemberContext;
import io.myelin.tls.MemberContexts;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a connection while what it is to be encrypted with changes. */
@Timeout(60)
@Tag("sockets")
class ConnectorTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final X509Bundle LOCAL = AUTHORITY.issue(builder -> builder.addSanIpAddress("127.0.0.1"), "web");

    private final Loops loops = new Loops(1, SocketTypes.NIO, Clock.SYSTEM);
    private final Loop loop = loops.all().get(0);
    private final HostResolver resolver = new HostResolver(Clock.SYSTEM);
    private final MemberContexts contexts = new MemberContexts(Runnable::run, Clock.SYSTEM);
    private final LoopbackBackend backend;
    private final Path authorities;

    ConnectorTest(@TempDir Path directory) throws IOException, GeneralSecurityException {
        authorities = AUTHORITY.write(directory.resolve("ca.pem"));
        backend = TlsBackend.running(LOCAL, LoopbackBackend.Conversation::readRequest);
    }

    @AfterEach
    void stop() {
        backend.close();
        loops.stop();
        contexts.close();
        resolver.close();
    }

    @Test
    void filesThatChangeMeanwhileDoNotFailIt() {
        MemberTls tls = tls(authorities);
        Object outcome = connect(tls, this::changeFiles);

        assertThat(outcome).isSameAs(contexts.known(tls));
    }

    @Test
    void nothingIsEncryptedOnceItIsOver() {
        assertThat(connect(tls(authorities), contexts::close)).isEqualTo(Failure.TLS_FAILED);
    }

    @Test
    void filesThatCannotBeUsedFailIt() {
        assertThat(connect(tls(Path.of("/nowhere.pem")), () -> {})).isEqualTo(Failure.TLS_FAILED);
    }

    private static MemberTls tls(Path authorities) {
        return MemberTls.VERIFIED
                .with()
                .enabled(true)
                .authorities(authorities.toString())
                .build();
    }

    private void changeFiles() {
        try {
            TestAuthority.put(authorities, Files.readString(authorities) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        contexts.refresh();
    }

    /**
     * Connects, runs {@code meanwhile} once the connection stands in the clear, and returns what the connection is
     * encrypted with, or why there is none.
     */
    private @Nullable Object connect(MemberTls tls, Runnable meanwhile) {
        UpstreamConfig config = UpstreamConfig.DEFAULT.with().tls(tls).build();
        Pool pool = new Pool(
                PoolConfig.named("web").with().upstream(config).build(), Runnable::run, Clock.SYSTEM, bound -> 0, 1);
        pool.replace(new EndpointSet("web", List.of(Endpoint.of("", "127.0.0.1", backend.port())), "test"));
        Member member = pool.snapshot().members().get(0);
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        loop.executor()
                .execute(() -> new Connector(loop, resolver, contexts)
                        .connect(member, new ChannelInboundHandlerAdapter(), config, false, new Connector.Waiter() {
                            @Override
                            public void introduce(DuplexChannel channel) {
                                meanwhile.run();
                            }

                            @Override
                            public void onConnected(DuplexChannel channel, @Nullable MemberContext encryption) {
                                channel.close();
                                outcome.complete(encryption);
                            }

                            @Override
                            public void onConnectFailed(Failure failure, @Nullable Throwable cause) {
                                outcome.complete(failure);
                            }
                        }));
        return outcome.orTimeout(30, TimeUnit.SECONDS).join();
    }
}

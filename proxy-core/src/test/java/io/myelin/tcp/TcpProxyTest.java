package io.myelin.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.balance.BalanceConfig;
import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.RetryRules;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("sockets")
class TcpProxyTest {
    private static final int PIECE = 64 << 10;
    private static final int LATE_BYTES = 64 << 20;
    private static final long MANY_BYTES = 100L << 20;

    private final TestProxy proxy = TestProxy.tcp();

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void aTunnelIsNotTriedElsewhereIfThatIsNotWorthIt() throws IOException {
        RetryRules none = new RetryRules(Set.of(), Set.of(), 0);
        proxy.with(UpstreamConfig.DEFAULT.with().retryRules(none).build())
                .with(new BalanceConfig(BalanceConfig.Policy.FIRST, 2));
        try (Socket refusing = refusing();
                LoopbackBackend backend = LoopbackBackend.running(conversation -> conversation.write("never"))) {
            proxy.start(refusing.getLocalPort(), backend.port());
            try (RawClient client = RawClient.to(proxy.port())) {
                assertThat(client.readToEnd()).isEmpty();
            }
            Await.until("it is counted", () -> proxy.pool().total(Failure.CONNECT_FAILED) == 1);
            assertThat(backend.connections()).isZero();
        }
    }

    /** Holds a port where nobody listens, so that nobody else can: whoever connects to it is refused. */
    private static Socket refusing() throws IOException {
        Socket reserved = new Socket();
        reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return reserved;
    }

    @Test
    void aHundredMegabytesEachWayAtOnceArriveByteForByte() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    Future<byte[]> received = threads.submit(digestOf(conversation.in()));
                    send(conversation.socket().getOutputStream(), 2);
                    conversation.socket().shutdownOutput();
                    assertThat(get(received)).isEqualTo(digestOfStream(1));
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            Future<byte[]> received = threads.submit(digestOf(client.socket().getInputStream()));
            send(client.socket().getOutputStream(), 1);
            client.endOutput();

            assertThat(get(received)).isEqualTo(digestOfStream(2));
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(PoolCounter.BYTES_IN)).isEqualTo(MANY_BYTES);
            assertThat(proxy.pool().total(PoolCounter.BYTES_OUT)).isEqualTo(MANY_BYTES);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aClientThatEndedItsSideMayReadTheAnswerLate() throws IOException {
        AtomicLong before = new AtomicLong();
        AtomicInteger unchanged = new AtomicInteger();
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.in().readAllBytes();
                    conversation.write(new byte[LATE_BYTES]);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.endOutput();
            Await.until("the tunnel waits for the client", () -> {
                long now = proxy.pool().total(PoolCounter.BYTES_OUT);
                boolean waits = now > 0 && now == before.getAndSet(now);
                return (waits ? unchanged.incrementAndGet() : unchanged.getAndSet(0)) > 100;
            });

            assertThat(client.readToEnd()).hasSize(LATE_BYTES);
        }
    }

    @Test
    void theClientMayEndItsSideFirst() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    byte[] everything = conversation.in().readAllBytes();
                    conversation.write("got " + everything.length);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("12345").endOutput();

            assertThat(client.readToEnd()).isEqualTo("got 5");
        }
        proxy.awaitQuiet();
    }

    @Test
    void theMemberMayEndItsSideFirst() throws Exception {
        AtomicLong received = new AtomicLong(-1);
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.write("bye");
                    conversation.socket().shutdownOutput();
                    received.set(conversation.in().readAllBytes().length);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.readToEnd()).isEqualTo("bye");
            client.send("still here").endOutput();

            Await.until("the member has everything", () -> received.get() == 10);
        }
        proxy.awaitQuiet();
    }

    @Test
    void aSlowReaderDoesNotGrowMemory() throws IOException {
        AtomicLong written = new AtomicLong();
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    byte[] piece = new byte[PIECE];
                    for (int i = 0; i < 1_024; i++) {
                        conversation.write(piece);
                        written.addAndGet(PIECE);
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            AtomicLong last = new AtomicLong();
            AtomicInteger unchanged = new AtomicInteger();
            Await.until("the member cannot write any more", () -> {
                long now = written.get();
                unchanged.set(now > 0 && last.getAndSet(now) == now ? unchanged.get() + 1 : 0);
                return unchanged.get() > 300;
            });

            // Relayed bytes were read from the member; what the client's socket buffers do not hold is the proxy's.
            assertThat(proxy.pool().total(PoolCounter.BYTES_OUT)).isLessThan(16 << 20);
            assertThat(client.readToEnd()).hasSize(1_024 * PIECE);
        }
    }

    @Test
    void aPoolWithoutMembersClosesWithoutAByte() throws IOException {
        try (RawClient client = RawClient.to(proxy.start().port())) {
            assertThat(client.ended()).isTrue();
        }
        Await.until("the failure is counted", () -> proxy.pool().total(Failure.NO_MEMBER) == 1);
    }

    @Test
    void aRefusingMemberIsHiddenByAnother() throws IOException {
        try (Socket refusing = refusing();
                LoopbackBackend backend = LoopbackBackend.running(conversation -> conversation.write("hi"))) {
            proxy.start(refusing.getLocalPort(), backend.port());
            for (int i = 0; i < 6; i++) {
                try (RawClient client = RawClient.to(proxy.port())) {
                    assertThat(client.readToEnd()).isEqualTo("hi");
                }
            }
        }
    }

    @Test
    void aResetIsPassedOnAsAReset() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.read(1);
                    conversation.reset();
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("x");

            assertThatThrownBy(client::ended)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        proxy.awaitQuiet();
    }

    @Test
    void aSilentTunnelEndsAfterTheClientTimeout() throws IOException {
        proxy.withClientTimeout(Duration.ofMillis(200));
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> conversation.read(1));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.ended()).isTrue();
        }
        assertThat(proxy.pool().total(Failure.CLIENT_TIMEOUT)).isEqualTo(1);
    }

    private static void send(OutputStream out, long seed) throws IOException {
        Random random = new Random(seed);
        byte[] piece = new byte[PIECE];
        for (long sent = 0; sent < MANY_BYTES; sent += PIECE) {
            random.nextBytes(piece);
            out.write(piece);
        }
        out.flush();
    }

    private static byte[] digestOfStream(long seed) {
        MessageDigest digest = sha256();
        Random random = new Random(seed);
        byte[] piece = new byte[PIECE];
        for (long sent = 0; sent < MANY_BYTES; sent += PIECE) {
            random.nextBytes(piece);
            digest.update(piece);
        }
        return digest.digest();
    }

    private static Callable<byte[]> digestOf(InputStream in) {
        return () -> {
            MessageDigest digest = sha256();
            byte[] piece = new byte[PIECE];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.update(piece, 0, read);
            }
            return digest.digest();
        };
    }

    private static byte[] get(Future<byte[]> digest) {
        try {
            return digest.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("no digest", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}

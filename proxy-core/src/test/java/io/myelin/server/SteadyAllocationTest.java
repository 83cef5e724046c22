package io.myelin.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.myelin.pool.PoolCounter;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the event loops allocate for a request, or for a read of a tunnel, once everything is warm: nothing that grows
 * with it. The sweep of the timer wheel is left, about a hundred bytes every 20 ms whatever the traffic; Netty
 * allocates nothing.
 *
 * <p>Rounds are run until one stays within the limit: a compiler that has not got to a method yet adds to a round,
 * while what every request allocates is in all of them.
 */
@Timeout(60)
class SteadyAllocationTest {
    private static final int ROUND = 5_000;
    private static final int MOST_ROUNDS = 30;

    /** Less than the smallest object per turn, more than the timer wheel's share of one on a slow machine. */
    private static final double LIMIT_BYTES = 8;

    private static final byte[] REQUEST =
            "GET /items/1 HTTP/1.1\r\nHost: items.internal\r\nUser-Agent: test\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] RESPONSE =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello".getBytes(ISO_8859_1);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Of test classes that ran before, and perhaps about to end. */
    private final Set<Thread> foreign = Thread.getAllStackTraces().keySet();

    private Level level = Level.DISABLED;

    /** The leak detector notes down every use of every buffer. */
    @BeforeEach
    void stopTracking() {
        level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(Level.DISABLED);
    }

    @AfterEach
    void trackAgain() {
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void aRequestOnKeptConnectionsAllocatesNothing() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(SteadyAllocationTest::answer);
                TestProxy proxy = TestProxy.http().start(backend.port());
                RawClient client = RawClient.to(proxy.port())) {
            byte[] buffer = new byte[1_024];
            InputStream in = client.socket().getInputStream();
            Turn turn = () -> {
                client.send(REQUEST);
                readUpTo('o', in, buffer);
            };
            assertThat(leastPerTurn(turn, LIMIT_BYTES)).isBetween(0.0, LIMIT_BYTES);
            assertThat(proxy.pool().total(PoolCounter.RESPONSES_2XX)).isGreaterThanOrEqualTo(ROUND);
        }
    }

    @Test
    void aReadOfATunnelAllocatesNothing() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(SteadyAllocationTest::echo);
                TestProxy proxy = TestProxy.tcp().start(backend.port());
                RawClient client = RawClient.to(proxy.port())) {
            byte[] buffer = new byte[1_024];
            InputStream in = client.socket().getInputStream();
            Turn turn = () -> {
                client.send(RESPONSE);
                readUpTo('o', in, buffer);
            };
            assertThat(leastPerTurn(turn, LIMIT_BYTES)).isBetween(0.0, LIMIT_BYTES);
        }
    }

    /** One request and its response. */
    @FunctionalInterface
    private interface Turn {
        void take() throws IOException;
    }

    /**
     * Returns how many bytes the event loops allocate per turn, in the first round within {@code limit} or the least.
     */
    private double leastPerTurn(Turn turn, double limit) throws IOException {
        long[] loops = loops();
        assertThat(loops).hasSize(2);
        double least = Double.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && least > limit; round++) {
            long before = allocated(loops);
            for (int i = 0; i < ROUND; i++) {
                turn.take();
            }
            least = Math.min(least, (double) (allocated(loops) - before) / ROUND);
        }
        return least;
    }

    private static long allocated(long[] threads) {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(threads)).sum();
    }

    private long[] loops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("io-\\d+") && !foreign.contains(thread))
                .mapToLong(Thread::getId)
                .toArray();
    }

    private static void answer(LoopbackBackend.Conversation conversation) throws IOException {
        byte[] buffer = new byte[1_024];
        while (readUpTo('\n', conversation.in(), buffer)) {
            conversation.write(RESPONSE);
        }
    }

    private static void echo(LoopbackBackend.Conversation conversation) throws IOException {
        byte[] buffer = new byte[1_024];
        while (readUpTo('o', conversation.in(), buffer)) {
            conversation.write(RESPONSE);
        }
    }

    /** Reads up to a batch that ends with {@code last}; returns whether it came. */
    private static boolean readUpTo(char last, InputStream in, byte[] buffer) throws IOException {
        int read = in.read(buffer);
        while (read > 0 && buffer[read - 1] != last) {
            read = in.read(buffer);
        }
        return read > 0;
    }
}

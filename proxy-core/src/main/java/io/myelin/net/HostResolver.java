package io.myelin.net;

import io.myelin.model.Clock;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns host names into addresses without ever making an event loop wait.
 *
 * <p>An address literal is answered at once. A name is looked up by the operating system's resolver on a thread of its
 * own and remembered for half a minute; while an expired answer is being renewed, and whenever a renewal fails, the old
 * one is given.
 */
public final class HostResolver implements AutoCloseable {
    private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int THREADS = 2;

    private final Clock clock;
    private final ExecutorService lookups;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    public HostResolver(Clock clock) {
        this.clock = clock;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), HostResolver::lookupThread);
        pool.allowCoreThreadTimeOut(true);
        this.lookups = pool;
    }

    /** What a caller learns, on the executor it named. */
    @FunctionalInterface
    public interface Callback {
        /** Receives the address, or {@code null} if the name cannot be resolved. */
        void onAddress(@Nullable InetSocketAddress address);
    }

    /** Returns the address if it is known without waiting, {@code null} if {@link #resolve} has to be asked. */
    public @Nullable InetSocketAddress known(String host, int port) {
        Answer answer = answers.get(host);
        if (answer != null) {
            if (clock.nanoTime() - answer.atNanos() > FRESH_NANOS) {
                renew(host, answer);
            }
            return new InetSocketAddress(answer.address(), port);
        }
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        return literal == null ? null : literalAddress(literal, port);
    }

    /** Looks {@code host} up and calls back on {@code executor}. */
    public void resolve(String host, int port, Executor executor, Callback callback) {
        lookups.execute(() -> {
            InetAddress address = lookUp(host);
            executor.execute(() -> callback.onAddress(address == null ? null : new InetSocketAddress(address, port)));
        });
    }

    @Override
    public void close() {
        lookups.shutdownNow();
    }

    private void renew(String host, Answer stale) {
        // Counts as fresh while it is being renewed, so that one renewal runs at a time.
        if (answers.replace(host, stale, new Answer(stale.address(), clock.nanoTime()))) {
            lookups.execute(() -> lookUp(host));
        }
    }

    private @Nullable InetAddress lookUp(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            answers.put(host, new Answer(address, clock.nanoTime()));
            return address;
        } catch (UnknownHostException e) {
            Answer known = answers.get(host);
            return known == null ? null : known.address();
        }
    }

    private static InetSocketAddress literalAddress(byte[] literal, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of " + literal.length + " bytes (expected: 4 or 16)", e);
        }
    }

    private static Thread lookupThread(Runnable task) {
        Thread thread = new Thread(task, "resolver");
        thread.setDaemon(true);
        return thread;
    }

    private record Answer(InetAddress address, long atNanos) {}
}

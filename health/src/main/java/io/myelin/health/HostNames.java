package io.myelin.health;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Turns host names into addresses on a thread of its own, since asking the system's resolver blocks.
 *
 * <p>However many ask for a name at the same time, it is looked up once; so the queue is never longer than there are
 * names.
 */
final class HostNames implements AutoCloseable {
    private final Lookup lookup;
    private final ExecutorService thread;
    private final Map<String, CompletableFuture<InetAddress>> pending = new ConcurrentHashMap<>();

    HostNames(Lookup lookup) {
        this.lookup = lookup;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread resolver = new Thread(task, "health-names");
            resolver.setDaemon(true);
            return resolver;
        });
    }

    /** Asks the system, blocking. */
    @FunctionalInterface
    interface Lookup {
        InetAddress lookUp(String host) throws UnknownHostException;
    }

    /** Returns the address of {@code host}; an IP literal has it at once. */
    CompletableFuture<InetAddress> resolve(String host) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            return CompletableFuture.completedFuture(NetUtil.createInetAddressFromIpAddressString(host));
        }
        return pending.computeIfAbsent(host, this::begin);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private CompletableFuture<InetAddress> begin(String host) {
        try {
            return CompletableFuture.supplyAsync(() -> lookUp(host), thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private InetAddress lookUp(String host) {
        try {
            return lookup.lookUp(host);
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        } finally {
            pending.remove(host);
        }
    }
}

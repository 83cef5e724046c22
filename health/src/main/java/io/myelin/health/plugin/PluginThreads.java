package io.myelin.health.plugin;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of all plugins, however many there are: two event loops, of which the first also owns their state, and up
 * to four that ask the system's resolver, which blocks, while there is something to ask. Safe from any thread.
 */
final class PluginThreads implements PluginLoop, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PluginThreads.class);
    /**
     * What gRPC says of single connections on the console is in the reasons of plugins' states; held so that it lasts.
     */
    private static final java.util.logging.Logger GRPC = java.util.logging.Logger.getLogger("io.grpc");

    private static final int LOOPS = 2;
    private static final int RESOLVERS = 4;
    private static final int RESOLVER_IDLE_SECONDS = 10;
    private static final long STOP_LIMIT_MILLIS = 2_000;

    static {
        GRPC.setLevel(Level.SEVERE);
    }

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup group;
    private final EventLoop owner;
    private final ThreadPoolExecutor resolvers;

    PluginThreads() {
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(LOOPS, named("plugins-"), handlers);
        owner = group.next();
        resolvers = new ThreadPoolExecutor(
                RESOLVERS,
                RESOLVERS,
                RESOLVER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named("plugin-names-"));
        resolvers.allowCoreThreadTimeOut(true);
    }

    EventLoopGroup group() {
        return group;
    }

    /** Returns what runs tasks that block; what is given after the end is dropped. */
    Executor resolvers() {
        return task -> {
            try {
                resolvers.execute(task);
            } catch (RejectedExecutionException e) {
                log.debug("Dropped a look-up after the plugins had been stopped", e);
            }
        };
    }

    Class<? extends Channel> sockets() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    Class<? extends ServerChannel> listeners() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    Class<? extends Channel> unixSockets() {
        return epoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }

    /** Returns {@code path} as an address of {@link #unixSockets}. */
    SocketAddress unixAddress(String path) {
        return epoll ? new DomainSocketAddress(path) : UnixDomainSocketAddress.of(path);
    }

    @Override
    public void execute(Runnable task) {
        try {
            owner.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            log.debug("Dropped a task after the plugins had been stopped", e);
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> due = owner.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> due.cancel(false);
        } catch (RejectedExecutionException e) {
            log.debug("Dropped a task after the plugins had been stopped", e);
            return () -> {};
        }
    }

    @Override
    public void close() {
        resolvers.shutdownNow();
        try {
            // What was queued before closes connections, for which all loops must still be there.
            owner.submit(() -> {}).awaitUninterruptibly(STOP_LIMIT_MILLIS);
        } catch (RejectedExecutionException e) {
            log.debug("The plugins had been stopped before", e);
        }
        group.shutdownGracefully(0, STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_LIMIT_MILLIS);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new FastThreadLocalThread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A task about plugins failed; later ones go on", e);
        }
    }
}

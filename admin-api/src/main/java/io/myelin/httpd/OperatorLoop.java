package io.myelin.httpd;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.SocketTypes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that answers operators at some listeners, from the first of them on.
 *
 * <p>One thread opens listeners and closes it; its methods block for a bounded time.
 */
@OwnedBy(Owner.BUILDER)
public final class OperatorLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OperatorLoop.class);
    private static final long STOP_LIMIT_SECONDS = 5;
    private static final SocketTypes TYPES = SocketTypes.best();

    private final String name;
    private @Nullable EventLoopGroup group;

    /** Creates a loop whose thread will have that name. */
    public OperatorLoop(String name) {
        this.name = name;
    }

    /**
     * Listens at {@code address}.
     *
     * @param connections prepares each connection
     * @throws IOException if it cannot; the message says why
     */
    public Channel listen(InetSocketAddress address, ChannelHandler connections) throws IOException {
        return bound(
                new ServerBootstrap()
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(connections),
                address);
    }

    /** Listens at the Unix socket {@code path}, whose directory exists; the same in all else. */
    Channel listen(String path, ChannelHandler connections) throws IOException {
        return bound(new ServerBootstrap().childHandler(connections), TYPES.unixAddress(path));
    }

    private Channel bound(ServerBootstrap bootstrap, SocketAddress address) throws IOException {
        ChannelFuture bound = bootstrap
                .group(running())
                .channelFactory(() -> TYPES.newServerSocket(address))
                .bind(address)
                .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new IOException(cause.getMessage(), cause);
        }
        return bound.channel();
    }

    private EventLoopGroup running() {
        EventLoopGroup running = group;
        if (running == null) {
            running = new MultiThreadIoEventLoopGroup(1, this::newThread, TYPES.ioHandlers());
            group = running;
        }
        return running;
    }

    private Thread newThread(Runnable task) {
        Thread thread = new FastThreadLocalThread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Closes every connection; returns once the thread has stopped. */
    @Override
    public void close() {
        EventLoopGroup running = group;
        if (running != null) {
            boolean stopped = running.shutdownGracefully(0, STOP_LIMIT_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!stopped) {
                log.warn("Thread did not stop in time: thread={} limit={}s", name, STOP_LIMIT_SECONDS);
            }
        }
    }
}

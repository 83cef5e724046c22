package io.myelin.runtime;

import io.myelin.config.operator.SocketConfig;
import io.myelin.httpd.ConnectionLimitHandler;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.SocketTypes;
import io.myelin.stats.Statistics;
import io.myelin.stats.StatsView;
import io.myelin.unix.SocketFile;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime sockets, all on one thread of their own, {@code runtime}, which runs from the first of them on.
 *
 * <p>One thread settles and closes it.
 */
@OwnedBy(Owner.BUILDER)
public final class RuntimeSockets implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RuntimeSockets.class);
    private static final long STOP_LIMIT_SECONDS = 5;
    private static final int MOST_CONNECTIONS = 64;
    private static final int LONGEST_LINE_BYTES = 16_384;
    /** A tool that forgets to hang up keeps its connection this long. */
    private static final long IDLE_SECONDS = 60;

    private static final SocketTypes TYPES = SocketTypes.best();

    private final Commands commands;
    private final Executor control;
    private final Map<SocketConfig, Open> open = new LinkedHashMap<>();
    private @Nullable EventLoopGroup group;

    private record Open(Channel channel, Path path) {}

    /**
     * Creates no socket yet.
     *
     * @param control runs tasks on the control thread, in order
     */
    public RuntimeSockets(StatsView view, Statistics statistics, ProcessFacts facts, Executor control) {
        this.commands = new Commands(view, statistics, facts);
        this.control = control;
    }

    /**
     * Makes {@code wanted} the sockets that there are. One that cannot be had is reported and harms only itself;
     * settling again tries it again.
     */
    public void settle(List<SocketConfig> wanted) {
        open.entrySet().removeIf(entry -> !wanted.contains(entry.getKey()) && close(entry.getValue()));
        for (SocketConfig config : wanted) {
            if (!open.containsKey(config)) {
                open(config);
            }
        }
    }

    @Override
    public void close() {
        settle(List.of());
        EventLoopGroup running = group;
        if (running != null) {
            boolean stopped = running.shutdownGracefully(0, STOP_LIMIT_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!stopped) {
                log.warn("Runtime thread did not stop in time: limit={}s", STOP_LIMIT_SECONDS);
            }
        }
    }

    private static boolean close(Open gone) {
        gone.channel().close().awaitUninterruptibly();
        try {
            Files.deleteIfExists(gone.path());
        } catch (IOException e) {
            log.warn("Runtime socket's file could not be removed: path={} error={}", gone.path(), String.valueOf(e));
        }
        return true;
    }

    private void open(SocketConfig config) {
        try {
            open.put(config, new Open(listen(config), Path.of(config.path())));
            log.info("Runtime socket open: path={} level={}", config.path(), config.level());
        } catch (IOException e) {
            log.error(
                    "Runtime socket failed, everything else runs: path={} error={} (expected: a path that this user may"
                            + " write to and no other process listens on)",
                    config.path(),
                    String.valueOf(e.getMessage()));
        }
    }

    /** Listens beside the path and moves the file there once it has its permissions, so that it never has others. */
    private Channel listen(SocketConfig config) throws IOException {
        SocketFile.prepare(config.path(), config.access());
        String beside = config.path() + ".tmp";
        SocketFile file = SocketFile.prepare(beside, config.access());
        ChannelFuture bound = bind(config, beside).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new IOException(cause.getMessage(), cause);
        }
        try {
            file.grant();
            Files.move(
                    Path.of(beside),
                    Path.of(config.path()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            bound.channel().close().awaitUninterruptibly();
            Files.deleteIfExists(Path.of(beside));
            throw e;
        }
        return bound.channel();
    }

    private ChannelFuture bind(SocketConfig config, String path) {
        SocketAddress address = TYPES.unixAddress(path);
        return new ServerBootstrap()
                .group(running())
                .channelFactory(() -> TYPES.newServerSocket(address))
                .childHandler(new Sessions(config))
                .bind(address);
    }

    private EventLoopGroup running() {
        EventLoopGroup running = group;
        if (running == null) {
            running = new MultiThreadIoEventLoopGroup(1, RuntimeSockets::newThread, TYPES.ioHandlers());
            group = running;
        }
        return running;
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new FastThreadLocalThread(task, "runtime");
        thread.setDaemon(true);
        return thread;
    }

    /** Prepares each connection of one socket. */
    private final class Sessions extends ChannelInitializer<Channel> {
        private final SocketConfig config;
        private final ConnectionLimitHandler limit = new ConnectionLimitHandler(MOST_CONNECTIONS);

        private Sessions(SocketConfig config) {
            this.config = config;
        }

        @Override
        protected void initChannel(Channel channel) {
            // Tools send their line, end their side and wait for the answer; the JDK's channels cannot tell the two.
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            ChannelPipeline pipeline = channel.pipeline();
            pipeline.addLast("limit", limit);
            pipeline.addLast("idle", new IdleStateHandler(0, 0, IDLE_SECONDS, TimeUnit.SECONDS));
            pipeline.addLast("lines", new LineBasedFrameDecoder(LONGEST_LINE_BYTES));
            pipeline.addLast("decoder", new StringDecoder(StandardCharsets.UTF_8));
            pipeline.addLast("encoder", new StringEncoder(StandardCharsets.UTF_8));
            pipeline.addLast("session", new SessionHandler(commands, config::level, control));
        }
    }
}

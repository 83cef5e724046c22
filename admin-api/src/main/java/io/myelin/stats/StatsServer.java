package io.myelin.stats;

import io.myelin.config.operator.StatsConfig;
import io.myelin.httpd.AnswerPipeline;
import io.myelin.httpd.ClientLimits;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners for statistics, all on one thread of their own, {@code stats}, which runs from the first of them on.
 *
 * <p>One thread settles and closes it; {@link #status()} may be asked from any.
 */
@OwnedBy(Owner.BUILDER)
public final class StatsServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatsServer.class);
    private static final long STOP_LIMIT_SECONDS = 5;

    private final Statistics statistics;
    private final Clock clock;
    private final ClientLimits limits;
    private final Map<BindAddress, Open> open = new LinkedHashMap<>();
    private @Nullable EventLoopGroup group;
    private volatile List<ListenerStatus> status = List.of();

    /** An address that is listened on, and how it is configured now. */
    private record Open(Channel channel, AtomicReference<StatsConfig> config) {}

    public StatsServer(Statistics statistics, Clock clock) {
        this(statistics, clock, ClientLimits.DEFAULT);
    }

    StatsServer(Statistics statistics, Clock clock, ClientLimits limits) {
        this.statistics = statistics;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Makes {@code wanted} what listens: closes the others, opens what is new, and changes in place what stays. An
     * address that cannot be listened on harms only itself; settling again tries it again.
     */
    public void settle(List<StatsConfig> wanted) {
        Set<BindAddress> addresses = new HashSet<>();
        wanted.forEach(config -> addresses.addAll(config.addresses()));
        open.entrySet().removeIf(entry -> !addresses.contains(entry.getKey()) && close(entry.getValue()));
        List<ListenerStatus> next = new ArrayList<>();
        for (StatsConfig config : wanted) {
            for (BindAddress address : config.addresses()) {
                next.add(settle(address, config));
            }
        }
        status = List.copyOf(next);
    }

    /** Returns what became of every address. */
    public List<ListenerStatus> status() {
        return status;
    }

    @Override
    public void close() {
        settle(List.of());
        EventLoopGroup running = group;
        if (running != null) {
            boolean stopped = running.shutdownGracefully(0, STOP_LIMIT_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!stopped) {
                log.warn("Stats thread did not stop in time: limit={}s", STOP_LIMIT_SECONDS);
            }
        }
    }

    private static boolean close(Open gone) {
        gone.channel().close().awaitUninterruptibly();
        return true;
    }

    private ListenerStatus settle(BindAddress address, StatsConfig config) {
        Open there = open.get(address);
        if (there != null) {
            there.config().set(config);
            return listening(config, address, there.channel());
        }
        InetSocketAddress resolved = address.host().equals("*")
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            return failed(config, address, "unknown host " + address.host());
        }
        AtomicReference<StatsConfig> current = new AtomicReference<>(config);
        ChannelFuture bound = bind(resolved, current).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            return failed(config, address, String.valueOf(cause.getMessage()));
        }
        open.put(address, new Open(bound.channel(), current));
        return listening(config, address, bound.channel());
    }

    private ChannelFuture bind(InetSocketAddress address, AtomicReference<StatsConfig> config) {
        return new ServerBootstrap()
                .group(running())
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new AnswerPipeline(limits, new StatsAnswers(config::get, statistics), clock))
                .bind(address);
    }

    private EventLoopGroup running() {
        EventLoopGroup running = group;
        if (running == null) {
            running = new MultiThreadIoEventLoopGroup(1, StatsServer::newThread, NioIoHandler.newFactory());
            group = running;
        }
        return running;
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new FastThreadLocalThread(task, "stats");
        thread.setDaemon(true);
        return thread;
    }

    private static ListenerStatus listening(StatsConfig config, BindAddress address, Channel channel) {
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        return new ListenerStatus(config.name(), address, true, port, Protocol.HTTP, 0, 0, null);
    }

    private static ListenerStatus failed(StatsConfig config, BindAddress address, String error) {
        return new ListenerStatus(config.name(), address, false, 0, Protocol.HTTP, 0, 0, error);
    }
}

package io.myelin.runtime;

import io.myelin.config.operator.SocketConfig;
import io.myelin.httpd.ConnectionLimitHandler;
import io.myelin.httpd.OperatorLoop;
import io.myelin.httpd.UnixDoor;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.stats.Statistics;
import io.myelin.stats.StatsView;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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
    private static final int MOST_CONNECTIONS = 64;
    private static final int LONGEST_LINE_BYTES = 16_384;
    /** A tool that forgets to hang up keeps its connection this long. */
    private static final long IDLE_SECONDS = 60;

    private final Commands commands;
    private final Executor control;
    private final Map<SocketConfig, UnixDoor> open = new LinkedHashMap<>();
    private final OperatorLoop loop = new OperatorLoop("runtime");

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
        loop.close();
    }

    private static boolean close(UnixDoor gone) {
        gone.close();
        return true;
    }

    private void open(SocketConfig config) {
        try {
            open.put(config, UnixDoor.open(loop, config.path(), config.access(), new Sessions(config)));
            log.info("Runtime socket open: path={} level={}", config.path(), config.level());
        } catch (IOException e) {
            log.error(
                    "Runtime socket failed, everything else runs: path={} error={} (expected: a path that this user may"
                            + " write to and no other process listens on)",
                    config.path(),
                    String.valueOf(e.getMessage()));
        }
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

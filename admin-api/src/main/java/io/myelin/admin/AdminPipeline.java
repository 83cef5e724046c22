package io.myelin.admin;

import io.myelin.model.Clock;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.concurrent.TimeUnit;

/** Prepares each connection of the admin listener. */
final class AdminPipeline extends ChannelInitializer<SocketChannel> {
    private static final int MAX_LINE_BYTES = 4_096;
    private static final int MAX_HEADER_BYTES = 16_384;
    /** A scrape of many members may take a slow reader this long. */
    private static final long WRITE_TIMEOUT_SECONDS = 30;

    private final ConnectionLimitHandler connectionLimit;
    private final Router router;
    private final Clock clock;
    private final AdminLimits limits;

    AdminPipeline(Router router, Clock clock, AdminLimits limits) {
        this.connectionLimit = new ConnectionLimitHandler(limits.connections());
        this.router = router;
        this.clock = clock;
        this.limits = limits;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("limit", connectionLimit);
        pipeline.addLast("deadline", new RequestDeadlineHandler(limits.requestTimeout()));
        pipeline.addLast("idle", new IdleStateHandler(0, 0, limits.idleTimeout().toMillis(), TimeUnit.MILLISECONDS));
        pipeline.addLast("write-timeout", new WriteTimeoutHandler(WRITE_TIMEOUT_SECONDS, TimeUnit.SECONDS));
        pipeline.addLast(
                "codec",
                new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)));
        pipeline.addLast("body", new HttpObjectAggregator(limits.bodyBytes()));
        pipeline.addLast("flow", new FlowControlHandler());
        pipeline.addLast("admin", new AdminHandler(router, clock));
    }
}

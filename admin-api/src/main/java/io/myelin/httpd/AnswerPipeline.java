package io.myelin.httpd;

import io.netty.channel.ChannelHandler;
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
import java.util.function.Supplier;

/** Prepares each connection of an operators' listener. */
public final class AnswerPipeline extends ChannelInitializer<SocketChannel> {
    private static final int MAX_LINE_BYTES = 4_096;
    private static final int MAX_HEADER_BYTES = 16_384;
    /** A scrape of many members may take a slow reader this long. */
    private static final long WRITE_TIMEOUT_SECONDS = 30;

    private final ConnectionLimitHandler connectionLimit;
    private final ClientLimits limits;
    private final Supplier<ChannelHandler> answers;

    /**
     * Creates the pipeline of a listener whose connections live on one event loop.
     *
     * @param answers makes the handler that answers the whole requests of one connection
     */
    public AnswerPipeline(ClientLimits limits, Supplier<ChannelHandler> answers) {
        this.connectionLimit = new ConnectionLimitHandler(limits.connections());
        this.limits = limits;
        this.answers = answers;
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
        pipeline.addLast("answer", answers.get());
    }
}

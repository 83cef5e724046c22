package io.myelin.httpd;

import io.myelin.model.Clock;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.concurrent.TimeUnit;

/** Prepares each connection of an operators' listener. */
public final class AnswerPipeline extends ChannelInitializer<Channel> {
    /** What clients of devices name in a line may be many tags; as much as listeners of services take. */
    private static final int MAX_LINE_BYTES = 8_192;

    private static final int MAX_HEADER_BYTES = 16_384;
    /** A slow reader may take this long for a piece of an answer. */
    private static final long WRITE_TIMEOUT_SECONDS = 30;
    /** With how little unsent a long answer goes on, and with how much it pauses. */
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(Piece.BYTES, 2 * Piece.BYTES);

    /** What the kernel holds of an answer that its client does not read, instead of megabytes. */
    private static final int KERNEL_BYTES = 131_072;

    private final ConnectionLimitHandler connectionLimit;
    private final LongAnswers room;
    private final ClientLimits limits;
    private final Answers answers;
    private final Clock clock;

    /** Creates the pipeline of a listener whose connections live on one event loop. */
    public AnswerPipeline(ClientLimits limits, Answers answers, Clock clock) {
        this.connectionLimit = new ConnectionLimitHandler(limits.connections());
        this.room = new LongAnswers(limits.longAnswers());
        this.limits = limits;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.config().setWriteBufferWaterMark(UNSENT);
        channel.config().setOption(ChannelOption.SO_SNDBUF, KERNEL_BYTES);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("limit", connectionLimit);
        RequestDeadlineHandler deadline = new RequestDeadlineHandler(limits.requestTimeout());
        pipeline.addLast("deadline", deadline);
        pipeline.addLast("idle", new IdleStateHandler(0, 0, limits.idleTimeout().toMillis(), TimeUnit.MILLISECONDS));
        pipeline.addLast("write-timeout", new WriteTimeoutHandler(WRITE_TIMEOUT_SECONDS, TimeUnit.SECONDS));
        pipeline.addLast(
                "codec",
                new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)));
        pipeline.addLast("body", new HttpObjectAggregator(limits.bodyBytes()));
        pipeline.addLast("flow", new FlowControlHandler());
        pipeline.addLast("answer", new AnswerHandler(answers, room, deadline::begun, clock));
    }
}

package io.myelin.health;

import static io.myelin.health.CheckStatus.L7TOUT;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends the request of one HTTP check and turns whatever comes back, or does not, into its finding. */
final class AnswerHandler extends ChannelInboundHandlerAdapter {
    private final ProbeConnection connection;
    private final Introduction introduction;
    private final String request;
    private final AnswerReader reader;
    private final Duration readTimeout;

    AnswerHandler(
            ProbeConnection connection,
            Introduction introduction,
            String request,
            AnswerReader reader,
            Duration readTimeout) {
        this.connection = connection;
        this.introduction = introduction;
        this.request = request;
        this.reader = reader;
        this.readTimeout = readTimeout;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ScheduledFuture<?> timer =
                ctx.executor().schedule(this::onTimeout, readTimeout.toNanos(), TimeUnit.NANOSECONDS);
        connection.answer().addListener(done -> timer.cancel(false));
        introduction.writeTo(ctx.channel());
        ctx.writeAndFlush(ByteBufUtil.writeUtf8(ctx.alloc(), request), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            @Nullable Finding finding = reader.read(bytes);
            if (finding != null) {
                connection.finish(finding);
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.finish(reader.closed());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.finish(reader.broken(cause instanceof IOException ? "reset" : "failed on " + cause));
    }

    private void onTimeout() {
        connection.finish(
                Finding.of(L7TOUT, "timeout after " + readTimeout.toMillis() + " ms (" + reader.awaited() + ")"));
    }
}

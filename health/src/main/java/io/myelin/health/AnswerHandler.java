package io.myelin.health;

import static io.myelin.health.CheckStatus.L7TOUT;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends the request of one HTTP check and turns whatever comes back, or does not, into its finding. */
final class AnswerHandler extends ChannelInboundHandlerAdapter {
    private final ProbeConnection connection;
    private final Introduction introduction;
    private final String request;
    private final AnswerReader reader;
    private final Duration readTimeout;
    private final boolean oneLimit;

    AnswerHandler(
            ProbeConnection connection,
            Introduction introduction,
            String request,
            AnswerReader reader,
            Duration readTimeout,
            boolean oneLimit) {
        this.connection = connection;
        this.introduction = introduction;
        this.request = request;
        this.reader = reader;
        this.readTimeout = readTimeout;
        this.oneLimit = oneLimit;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        long nanos = readTimeout.toNanos() - (oneLimit ? connection.elapsedNanos() : 0);
        ScheduledFuture<?> timer = ctx.executor().schedule(this::onTimeout, nanos, TimeUnit.NANOSECONDS);
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
        connection.finish(reader.broken(describe(cause)));
    }

    private static String describe(Throwable cause) {
        Throwable inner = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (inner instanceof SSLException) {
            return "TLS failed: " + inner.getMessage();
        }
        return inner instanceof IOException ? "reset" : "failed on " + inner;
    }

    private void onTimeout() {
        connection.finish(
                Finding.of(L7TOUT, "timeout after " + readTimeout.toMillis() + " ms (" + reader.awaited() + ")"));
    }
}

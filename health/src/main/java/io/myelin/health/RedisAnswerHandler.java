package io.myelin.health;

import static io.myelin.health.CheckStatus.L7OK;
import static io.myelin.health.CheckStatus.L7RSP;
import static io.myelin.health.CheckStatus.L7TOUT;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.InlineCommandRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Sends PING, then EXISTS, and turns the answers into the finding. */
@OwnedBy(Owner.HEALTH_LOOP)
final class RedisAnswerHandler extends ChannelInboundHandlerAdapter {
    /** A key that is not there; Nerve's own check asks for the same. */
    private static final String KEY = "nerve-redis-service-check";

    private final ProbeConnection connection;
    private final Duration timeout;
    private String awaited = "PING";

    RedisAnswerHandler(ProbeConnection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ScheduledFuture<?> timer = ctx.executor().schedule(this::onTimeout, timeout.toNanos(), TimeUnit.NANOSECONDS);
        connection.answer().addListener(done -> timer.cancel(false));
        ctx.writeAndFlush(new InlineCommandRedisMessage("PING"), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            onAnswer(ctx, message);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.finish(Finding.of(L7RSP, "closed before the answer to " + awaited));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.finish(Finding.of(L7RSP, "no answer to " + awaited + ": " + cause.getMessage()));
    }

    private void onAnswer(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ErrorRedisMessage error) {
            connection.finish(Finding.of(L7RSP, awaited + ": " + error.content()));
        } else if (awaited.equals("PING") && message instanceof SimpleStringRedisMessage pong) {
            if (!pong.content().equals("PONG")) {
                connection.finish(Finding.of(L7RSP, "PING: " + pong.content()));
                return;
            }
            awaited = "EXISTS";
            ctx.writeAndFlush(new InlineCommandRedisMessage("EXISTS " + KEY), ctx.voidPromise());
        } else if (awaited.equals("EXISTS") && message instanceof IntegerRedisMessage) {
            connection.finish(Finding.of(L7OK, "redis answered"));
        } else {
            connection.finish(Finding.of(L7RSP, awaited + ": an answer of another kind"));
        }
    }

    private void onTimeout() {
        connection.finish(Finding.of(L7TOUT, "timeout after " + timeout.toMillis() + " ms (" + awaited + ")"));
    }
}

package io.myelin.httpd;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection on which a request was begun and not completed in time, however steadily it trickles. */
@OwnedBy(Owner.ADMIN_LOOP)
final class RequestDeadlineHandler extends ChannelDuplexHandler {
    private final long timeoutNanos;
    private @Nullable Future<?> deadline;

    RequestDeadlineHandler(Duration timeout) {
        timeoutNanos = timeout.toNanos();
    }

    /** Returns whether a request has begun to arrive and nothing of its answer was sent yet. */
    boolean begun() {
        return deadline != null;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (deadline == null) {
            deadline = ctx.executor().schedule(() -> ctx.close(), timeoutNanos, TimeUnit.NANOSECONDS);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        cancel();
        ctx.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancel();
        ctx.fireChannelInactive();
    }

    private void cancel() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}

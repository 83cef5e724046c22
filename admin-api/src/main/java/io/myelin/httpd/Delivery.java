package io.myelin.httpd;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one body piece by piece: the next one once the client has taken most of those before, and not before the event
 * loop has looked after its other connections.
 *
 * <p>Its handler calls {@link #proceed} when it begins and whenever the channel becomes writable.
 */
@OwnedBy(Owner.ADMIN_LOOP)
public final class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final ChannelHandlerContext ctx;
    private final Body body;
    private final Function<ByteBuf, Object> framing;
    private final Runnable whenOver;
    private boolean more = true;
    private boolean queued;

    /**
     * Creates a delivery that has not begun.
     *
     * @param framing makes the message that carries a piece, which it takes over
     * @param whenOver runs when everything is written; never if the connection ends before
     */
    public Delivery(ChannelHandlerContext ctx, Body body, Function<ByteBuf, Object> framing, Runnable whenOver) {
        this.ctx = ctx;
        this.body = body;
        this.framing = framing;
        this.whenOver = whenOver;
    }

    /** Goes on, unless the client has enough to take for now. */
    public void proceed() {
        if (more && !queued && ctx.channel().isWritable()) {
            queued = true;
            // A scheduled task runs after the loop has read what arrived; one that is executed might run before.
            ctx.executor().schedule(this::sendPiece, 0, TimeUnit.NANOSECONDS);
        }
    }

    private void sendPiece() {
        queued = false;
        if (!ctx.channel().isActive()) {
            return;
        }
        Piece piece;
        try {
            piece = Piece.next(body, ctx.alloc());
        } catch (RuntimeException e) {
            log.error("An answer broke off: client={}", ctx.channel().remoteAddress(), e);
            ctx.close();
            return;
        }
        more = piece.more();
        ctx.writeAndFlush(framing.apply(piece.text()));
        if (more) {
            proceed();
        } else {
            whenOver.run();
        }
    }
}

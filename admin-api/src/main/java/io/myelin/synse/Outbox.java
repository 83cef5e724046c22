package io.myelin.synse;

import io.myelin.httpd.Body;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages that wait to be sent over one WebSocket. A long one goes out in fragments that are made one at a time,
 * as the client takes them.
 */
@OwnedBy(Owner.ADMIN_LOOP)
final class Outbox {
    /** As much as is sent at once. */
    private static final int FRAGMENT_BYTES = 16_384;

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final ChannelHandlerContext ctx;
    private final Runnable whenEmpty;
    private final Queue<Message> waiting = new ArrayDeque<>();
    private @Nullable Message current;
    private boolean continued;
    private boolean queued;

    /** What is sent. */
    @OwnedBy(Owner.ADMIN_LOOP)
    private static final class Message {
        private final Body body;
        private final LongConsumer whenSent;
        private long bytes;

        Message(Body body, LongConsumer whenSent) {
            this.body = body;
            this.whenSent = whenSent;
        }
    }

    /** @param whenEmpty runs whenever all was sent and the client took most of it */
    Outbox(ChannelHandlerContext ctx, Runnable whenEmpty) {
        this.ctx = ctx;
        this.whenEmpty = whenEmpty;
    }

    /**
     * Sends a message behind the others.
     *
     * @param whenSent is told how many bytes it had; not if the connection ends before
     */
    void add(Body body, LongConsumer whenSent) {
        waiting.add(new Message(body, whenSent));
        proceed();
    }

    /** Returns whether another message would be sent at once. */
    boolean empty() {
        return current == null && waiting.isEmpty() && ctx.channel().isWritable();
    }

    /** Goes on, unless the client has enough to take for now. */
    void proceed() {
        if (!queued && ctx.channel().isWritable()) {
            queued = true;
            // A scheduled task runs after the loop has read what arrived; one that is executed might run before.
            ctx.executor().schedule(this::send, 0, TimeUnit.NANOSECONDS);
        }
    }

    private void send() {
        queued = false;
        if (!ctx.channel().isActive()) {
            waiting.clear();
            current = null;
            return;
        }
        int budget = FRAGMENT_BYTES;
        while (budget > 0 && ctx.channel().isWritable()) {
            Message message = current == null ? waiting.poll() : current;
            if (message == null) {
                break;
            }
            budget -= fragment(message);
        }
        ctx.flush();
        if (empty()) {
            whenEmpty.run();
        } else {
            proceed();
        }
    }

    /** Writes the next fragment of a message; returns how long it was. */
    private int fragment(Message message) {
        ByteBuf text = ctx.alloc().buffer();
        boolean more = true;
        try {
            while (more && text.readableBytes() < FRAGMENT_BYTES) {
                more = message.body.writeNext(text);
            }
        } catch (RuntimeException e) {
            text.release();
            log.error("A message broke off: client={}", ctx.channel().remoteAddress(), e);
            ctx.close();
            return FRAGMENT_BYTES;
        }
        int length = text.readableBytes();
        message.bytes += length;
        ctx.write(continued ? new ContinuationWebSocketFrame(!more, 0, text) : new TextWebSocketFrame(!more, 0, text));
        continued = more;
        current = more ? message : null;
        if (!more) {
            message.whenSent.accept(message.bytes);
        }
        return Math.max(1, length);
    }
}

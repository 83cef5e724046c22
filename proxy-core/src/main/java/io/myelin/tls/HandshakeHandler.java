package io.myelin.tls;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.ClientSession;
import io.myelin.net.ConnectionEnds;
import io.myelin.net.Deadline;
import io.myelin.net.ListenerCounter;
import io.myelin.net.ListenerLoad;
import io.myelin.net.Loop;
import io.myelin.net.Peer;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind the handler that encrypts while a connection's handshake goes on: makes way for the handler that serves
 * the connection, or counts and tells why there is none to serve.
 */
@OwnedBy(Owner.EVENT_LOOP)
public final class HandshakeHandler extends ChannelInboundHandlerAdapter implements ClientSession {
    private static final Logger log = LoggerFactory.getLogger(HandshakeHandler.class);
    private static final int LONGEST_DETAIL = 200;

    private final Loop loop;
    private final ListenerLoad listener;
    private final TlsLoad load;
    private final Duration timeout;
    private final @Nullable ConnectionEnds told;
    private final Supplier<ChannelHandler> next;
    private final Deadline deadline = new Deadline(() -> fail(HandshakeFailure.TIMEOUT, null, true));
    private @Nullable ChannelHandlerContext context;
    private boolean over;

    /**
     * Creates the handler of a connection that was let in.
     *
     * @param told whom a PROXY header named, {@code null} if the addresses of the socket count
     * @param next returns the handler of the connection, whose {@code channelActive} follows
     */
    public HandshakeHandler(
            Loop loop,
            ListenerLoad listener,
            TlsLoad load,
            Duration timeout,
            @Nullable ConnectionEnds told,
            Supplier<ChannelHandler> next) {
        this.loop = loop;
        this.listener = listener;
        this.load = load;
        this.timeout = timeout;
        this.told = told;
        this.next = next;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        listener.enterProvisionally(this);
        loop.timers().arm(deadline, timeout.toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        // Nothing comes before the handshake is over, and then this handler is gone or turned the client away.
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (over) {
            return;
        }
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                letIn(ctx);
            } else {
                // The handler that encrypts closes the connection once the client was told.
                fail(HandshakeFailure.of(done.cause()), done.cause(), false);
            }
        } else if (event == ChannelInputShutdownEvent.INSTANCE) {
            fail(HandshakeFailure.CLOSED, null, true);
        }
    }

    private void letIn(ChannelHandlerContext ctx) {
        over = true;
        loop.timers().forget(deadline);
        listener.leave(this);
        load.counters().increment(TlsCounter.HANDSHAKES);
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null && Resumption.of(tls)) {
            load.counters().increment(TlsCounter.RESUMED);
        }
        ctx.pipeline().replace(this, "client", next.get());
        // What a replaced handler fires goes to the one in its place.
        ctx.fireChannelActive();
    }

    private void fail(HandshakeFailure failure, @Nullable Throwable cause, boolean close) {
        if (over) {
            return;
        }
        over = true;
        loop.timers().forget(deadline);
        listener.leave(this);
        listener.counters().increment(ListenerCounter.ACCEPTED);
        load.failures().increment(failure);
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        report(ctx, failure, cause);
        if (close) {
            ctx.close();
        }
    }

    /** A connection that its client just ends is somebody's check of the port, and no reason to write a warning. */
    private void report(ChannelHandlerContext ctx, HandshakeFailure failure, @Nullable Throwable cause) {
        boolean quiet = failure == HandshakeFailure.CLOSED || failure == HandshakeFailure.STOPPED;
        if (!quiet && listener.warnings().due(loop.clock().nanoTime())) {
            log.warn(
                    "TLS handshake failed: peer={} listener={} reason={}{} suppressed={}",
                    Peer.name(ConnectionEnds.peerOf(ctx.channel(), told)),
                    Peer.name(ConnectionEnds.localOf(ctx.channel(), told)),
                    failure.reason(),
                    detail(failure, cause),
                    listener.warnings().takeSuppressed());
        }
    }

    /** Returns what TLS says beyond the reason; of somebody who does not speak it that would be all of his bytes. */
    private static String detail(HandshakeFailure failure, @Nullable Throwable cause) {
        if (cause == null || failure == HandshakeFailure.NOT_TLS) {
            return "";
        }
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String text = String.valueOf(root.getMessage()).replaceAll("[^\\x20-\\x7e]+", " ");
        return " detail=" + (text.length() > LONGEST_DETAIL ? text.substring(0, LONGEST_DETAIL) : text);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(HandshakeFailure.CLOSED, null, false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("Connection failed in its handshake", cause);
        fail(HandshakeFailure.of(cause), cause, true);
    }

    @Override
    public void drain() {
        fail(HandshakeFailure.STOPPED, null, true);
    }

    @Override
    public void cut() {
        fail(HandshakeFailure.STOPPED, null, true);
    }
}

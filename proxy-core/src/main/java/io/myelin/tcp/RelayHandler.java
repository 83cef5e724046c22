package io.myelin.tcp;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One side of a tunnel: passes on what it reads, no faster than the other side writes.
 *
 * <p>Both sides share one event loop, so the pair needs no synchronization.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class RelayHandler extends ChannelInboundHandlerAdapter {
    private final Tunnel tunnel;
    private final boolean downstream;
    private final Deque<ByteBuf> early = new ArrayDeque<>(0);
    private @Nullable DuplexChannel peer;
    private boolean inputEnded;

    RelayHandler(Tunnel tunnel, boolean downstream) {
        this.tunnel = tunnel;
        this.downstream = downstream;
    }

    /** Starts to pass on to {@code newPeer}, first of all what came in before it was there. */
    void join(DuplexChannel newPeer) {
        peer = newPeer;
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            tunnel.onRelayed(downstream, bytes.readableBytes());
            newPeer.write(bytes, newPeer.voidPromise());
        }
        newPeer.flush();
        if (inputEnded) {
            passOnEnd(newPeer);
        }
    }

    /** Releases what could never be passed on. */
    void discardEarly() {
        early.forEach(ByteBuf::release);
        early.clear();
    }

    boolean inputEnded() {
        return inputEnded;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (downstream) {
            tunnel.start();
        }
    }

    /**
     * Hands {@code message} over to the peer, whose write releases it. What comes in before there is a peer waits, and
     * no more is read meanwhile.
     */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        DuplexChannel to = peer;
        if (to == null) {
            early.add(bytes);
            ctx.channel().config().setAutoRead(false);
            return;
        }
        tunnel.onRelayed(downstream, bytes.readableBytes());
        to.write(bytes, to.voidPromise());
        if (!to.isWritable()) {
            // Much has come in: while it is in the processor's caches, passing it on costs least.
            to.flush();
            if (!to.isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Channel to = peer;
        if (to != null) {
            to.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            tunnel.onWritable(downstream);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean farewell = !downstream && event == SslCloseCompletionEvent.SUCCESS && !tunnel.clientEnded();
        if (inputEnded || (event != ChannelInputShutdownEvent.INSTANCE && !farewell)) {
            return;
        }
        inputEnded = true;
        DuplexChannel to = peer;
        if (to != null) {
            passOnEnd(to);
        }
        if (farewell) {
            // Netty has answered with the like, so that nothing can be sent any more. Once our own output has ended, it
            // takes whatever comes for the end of TLS, and the end of the connection has to be waited for.
            ctx.close();
        }
    }

    /** Passes the end of the stream on once everything before it is written. */
    private void passOnEnd(DuplexChannel to) {
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) done -> {
            Peer.endOutput(to);
            // Nothing more goes out there, so once its input ends, it closes.
            to.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
            tunnel.onInputEnded();
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        tunnel.onClosed(downstream);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        tunnel.onReset(downstream, cause);
    }
}

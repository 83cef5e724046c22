package io.myelin.net;

import io.myelin.access.AccessRules;
import io.myelin.access.AccessRules.Verdict;
import io.myelin.failure.Failure;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first handler of a connection that has to pass rules or to begin with a PROXY header: turns it away, or makes way
 * for the handler that serves it and hands over what followed the header.
 */
@OwnedBy(Owner.EVENT_LOOP)
public final class EntranceHandler extends ChannelInboundHandlerAdapter implements ClientSession {
    private static final Logger log = LoggerFactory.getLogger(EntranceHandler.class);

    private final Loop loop;
    private final EntranceConfig config;
    private final boolean acceptProxy;
    private final ListenerLoad load;
    private final Host host;
    private final Deadline deadline = new Deadline(this::onLate);
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf pending;
    private boolean over;

    /** Whoever serves a connection that was let in. */
    public interface Host {
        /** Returns the handler that decrypts what follows, {@code null} if it is not encrypted; asked once. */
        default @Nullable ChannelHandler encryption() {
            return null;
        }

        /**
         * Returns the handler of the connection, whose {@code channelActive} follows.
         *
         * @param told whom a PROXY header named, {@code null} if the addresses of the socket count
         */
        ChannelHandler welcome(@Nullable ConnectionEnds told);
    }

    /**
     * Creates the handler of a connection that was just accepted.
     *
     * @param acceptProxy whether the connection must begin with a PROXY header
     */
    public EntranceHandler(Loop loop, EntranceConfig config, boolean acceptProxy, ListenerLoad load, Host host) {
        this.loop = loop;
        this.config = config;
        this.acceptProxy = acceptProxy;
        this.load = load;
        this.host = host;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        load.enterProvisionally(this);
        if (refused(ctx, config.onConnection(), null)) {
            turnAway(Failure.CLIENT_REFUSED);
        } else if (acceptProxy) {
            loop.timers().arm(deadline, config.headerTimeout().toNanos());
        } else {
            letIn(ctx, null, null);
        }
    }

    private static boolean refused(
            ChannelHandlerContext ctx, @Nullable AccessRules rules, @Nullable ConnectionEnds told) {
        return rules != null
                && rules.judge(ConnectionEnds.ipOf(ConnectionEnds.peerOf(ctx.channel(), told)), true) == Verdict.REJECT;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (over) {
            bytes.release();
            return;
        }
        ByteBuf before = pending;
        if (before == null) {
            pending = bytes;
            readHeader(ctx, bytes);
        } else {
            before.writeBytes(bytes);
            bytes.release();
            readHeader(ctx, before);
        }
    }

    private void readHeader(ChannelHandlerContext ctx, ByteBuf bytes) {
        byte[] seen = new byte[Math.min(bytes.readableBytes(), ProxyHeaderParser.MAX_BYTES)];
        bytes.getBytes(bytes.readerIndex(), seen);
        ProxyHeader header = ProxyHeaderParser.parse(seen, seen.length);
        switch (header.state()) {
            case INCOMPLETE -> {}
            case MALFORMED -> refuseHeader(header.reason());
            case COMPLETE -> {
                bytes.skipBytes(header.length());
                letIn(ctx, header.ends(), bytes);
            }
        }
    }

    /** Makes way for the handler that serves the connection. */
    private void letIn(ChannelHandlerContext ctx, @Nullable ConnectionEnds told, @Nullable ByteBuf rest) {
        if (refused(ctx, config.onSession(), told)) {
            turnAway(Failure.CLIENT_REFUSED);
            return;
        }
        over = true;
        pending = null;
        loop.timers().forget(deadline);
        load.leave(this);
        // What a replaced handler fires goes to the one in its place.
        ChannelHandler encryption = host.encryption();
        if (encryption == null) {
            ctx.pipeline().replace(this, "client", host.welcome(told));
        } else {
            ctx.pipeline().addAfter("entrance", "client", host.welcome(told));
            ctx.pipeline().replace(this, "tls", encryption);
        }
        ctx.fireChannelActive();
        if (rest != null && rest.isReadable()) {
            ctx.fireChannelRead(rest);
        } else if (rest != null) {
            rest.release();
        }
    }

    private void onLate() {
        refuseHeader("no complete PROXY header within " + config.headerTimeout());
    }

    private void refuseHeader(String reason) {
        if (over) {
            return;
        }
        ChannelHandlerContext ctx = context;
        if (ctx != null && load.warnings().due(loop.clock().nanoTime())) {
            log.warn(
                    "Refused a connection without a proper PROXY header: peer={} listener={} reason={} suppressed={}",
                    Peer.name(ConnectionEnds.peerOf(ctx.channel(), null)),
                    Peer.name(ConnectionEnds.localOf(ctx.channel(), null)),
                    reason,
                    load.warnings().takeSuppressed());
        }
        turnAway(Failure.MALFORMED_PROXY_HEADER);
    }

    private void turnAway(Failure failure) {
        if (over) {
            return;
        }
        over = true;
        load.failures().increment(failure);
        load.counters().increment(ListenerCounter.ACCEPTED);
        loop.timers().forget(deadline);
        load.leave(this);
        ByteBuf rest = pending;
        pending = null;
        if (rest != null) {
            rest.release();
        }
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
    }

    /** A connection that ends without a byte is somebody's check of the port, and no reason to write a warning. */
    private void onEnd() {
        if (pending == null) {
            turnAway(Failure.CLIENT_GONE);
        } else {
            refuseHeader("ended in the middle of the PROXY header");
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            onEnd();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        onEnd();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("Connection failed before it was let in", cause);
        onEnd();
    }

    @Override
    public void drain() {
        turnAway(Failure.PROXY_STOPPED);
    }

    @Override
    public void cut() {
        turnAway(Failure.PROXY_STOPPED);
    }
}

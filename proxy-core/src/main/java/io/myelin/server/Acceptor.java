package io.myelin.server;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Loop;
import io.myelin.net.Loops;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handler of one listening socket: gives each accepted connection its event loop and its first handler. */
@OwnedBy(Owner.EVENT_LOOP)
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);
    private static final long PAUSE_MILLIS = 100;

    private final Loops loops;
    private final Loop loop;
    private final Adopter adopter;
    private final boolean shared;
    private int next;

    /** Whoever gives a connection its handler. */
    @FunctionalInterface
    interface Adopter {
        /** Equips {@code channel}, which is not registered yet, for the loop of that index. */
        void adopt(DuplexChannel channel, int loop);
    }

    /**
     * Creates the handler of a socket that {@code loop} drives.
     *
     * @param shared whether every loop has a socket of its own for the same address
     */
    Acceptor(Loops loops, Loop loop, Adopter adopter, boolean shared) {
        this.loops = loops;
        this.loop = loop;
        this.adopter = adopter;
        this.shared = shared;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DuplexChannel channel = (DuplexChannel) message;
        Loop owner = shared ? loop : loops.all().get(next++ % loops.all().size());
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        adopter.adopt(channel, owner.index());
        owner.executor().register(channel);
    }

    /** Running out of file descriptors must not make the loop spin: accepting goes on after a pause. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.warn(
                "Accepting failed, pausing it: listener={} cause={}",
                ctx.channel().localAddress(),
                cause.toString());
        if (cause instanceof IOException) {
            ctx.channel().config().setAutoRead(false);
            ctx.executor()
                    .schedule(() -> ctx.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}

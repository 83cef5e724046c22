package io.myelin.server;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.ListenerCounter;
import io.myelin.net.ListenerLoad;
import io.myelin.net.Loop;
import io.myelin.net.Loops;
import io.myelin.tls.MalformedPemException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handler of one listening socket: gives each accepted connection its event loop and its first handler. */
@OwnedBy(Owner.EVENT_LOOP)
final class Acceptor extends ChannelInboundHandlerAdapter implements ConnectionLimit.Door {
    /*
     * The kernel says that there is a connection by handing it out, so a limit is known to be reached when one more has
     * been accepted. That one waits here, untouched, and its socket accepts no other until it has found room: one
     * connection per listening socket is beyond the limit without being served, all others wait in the kernel.
     */
    private static final Logger log = LoggerFactory.getLogger(Acceptor.class);
    private static final long PAUSE_MILLIS = 100;

    private final Loops loops;
    private final Loop loop;
    private final Adopter adopter;
    private final boolean shared;
    private final boolean acceptProxy;
    private final Deque<DuplexChannel> parked = new ArrayDeque<>(0);
    private @Nullable Channel socket;
    private int next;

    /** Whoever gives a connection its handler. */
    interface Adopter {
        /**
         * Equips {@code channel}, which is not registered yet, for the loop of that index.
         *
         * @param acceptProxy whether the connection must begin with a PROXY header
         */
        void adopt(DuplexChannel channel, int loop, boolean acceptProxy);

        /**
         * Gets ready for connections, before the address listens. Control thread.
         *
         * @throws MalformedPemException if that is not possible, with a message for people
         */
        default void prepare() throws MalformedPemException {}

        /** Returns the limits that a connection has to fit into, none if there are none; asked for each connection. */
        List<ConnectionLimit> limits();

        /** Returns where the loop of that index counts. */
        ListenerLoad load(int loop);
    }

    /**
     * Creates the handler of a socket that {@code loop} drives.
     *
     * @param shared whether every loop has a socket of its own for the same address
     * @param acceptProxy whether connections must begin with a PROXY header
     */
    Acceptor(Loops loops, Loop loop, Adopter adopter, boolean shared, boolean acceptProxy) {
        this.loops = loops;
        this.loop = loop;
        this.adopter = adopter;
        this.shared = shared;
        this.acceptProxy = acceptProxy;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        socket = ctx.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DuplexChannel channel = (DuplexChannel) message;
        List<ConnectionLimit> limits = adopter.limits();
        if (limits.isEmpty() && parked.isEmpty()) {
            adopt(channel);
            return;
        }
        boolean first = parked.isEmpty();
        ConnectionLimit full = first ? enter(channel, limits) : null;
        if (first && full == null) {
            adopt(channel);
            return;
        }
        parked.add(channel);
        count(ListenerCounter.WAITED, 1);
        count(ListenerCounter.WAITING, 1);
        ctx.channel().config().setAutoRead(false);
        if (full != null) {
            log.debug("Accepting paused: listener={}", ctx.channel().localAddress());
            full.await(this);
        }
    }

    private void adopt(DuplexChannel channel) {
        Loop owner = shared ? loop : loops.all().get(next++ % loops.all().size());
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        loop.prepare(channel);
        adopter.adopt(channel, owner.index(), acceptProxy);
        owner.executor().register(channel);
    }

    /**
     * Counts {@code channel} in for as long as it is open; returns the limit that has no room for it, if one has not.
     */
    private static @Nullable ConnectionLimit enter(DuplexChannel channel, List<ConnectionLimit> limits) {
        for (int i = 0; i < limits.size(); i++) {
            if (!limits.get(i).tryEnter()) {
                limits.subList(0, i).forEach(ConnectionLimit::leave);
                return limits.get(i);
            }
        }
        channel.closeFuture().addListener(closed -> limits.forEach(ConnectionLimit::leave));
        return null;
    }

    @Override
    public void onRoom(ConnectionLimit place) {
        try {
            loop.executor().execute(() -> admitParked(place));
        } catch (RejectedExecutionException ignored) {
            // The event loops have stopped, and all connections are gone.
        }
    }

    private void admitParked(ConnectionLimit place) {
        if (parked.isEmpty()) {
            place.passOn();
            return;
        }
        for (DuplexChannel channel = parked.peek(); channel != null; channel = parked.peek()) {
            ConnectionLimit full = enter(channel, adopter.limits());
            if (full != null) {
                full.await(this);
                return;
            }
            parked.remove();
            count(ListenerCounter.WAITING, -1);
            adopt(channel);
        }
        resume();
    }

    private void resume() {
        Channel listening = socket;
        if (listening != null && parked.isEmpty()) {
            listening.config().setAutoRead(true);
        }
    }

    private void count(ListenerCounter counter, long delta) {
        adopter.load(loop.index()).counters().add(counter, delta);
    }

    /** Nobody who waited to be let in will be. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        for (DuplexChannel channel = parked.poll(); channel != null; channel = parked.poll()) {
            count(ListenerCounter.WAITING, -1);
            channel.unsafe().closeForcibly();
        }
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
            ctx.executor().schedule(this::resume, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}

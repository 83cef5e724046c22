package io.myelin.benchmarks.load;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One of the clients that make up a load: sends a request when it is due, waits for the reply, and so on until the time
 * is up. It outlives its connections.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class Client {
    private static final long PAUSE_AFTER_ERROR_MILLIS = 5;

    private final int index;
    private final LoadPlan plan;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final Recorder recorder;
    private final LongSupplier elapsedNanos;
    private final Reply reply;
    private @Nullable Channel channel;
    private long sent;
    private long dueNanos;
    private boolean waiting;

    /** Creates a client whose {@code bootstrap} is bound to {@code loop}, without connecting it. */
    Client(int index, LoadPlan plan, EventLoop loop, Bootstrap bootstrap, Recorder recorder, LongSupplier elapsed) {
        this.index = index;
        this.plan = plan;
        this.loop = loop;
        this.bootstrap = bootstrap.clone().handler(new ClientHandler(this));
        this.recorder = recorder;
        this.elapsedNanos = elapsed;
        this.reply = plan.dialogue().newReply().get();
    }

    /** Queues the client's first request. */
    void start() {
        loop.execute(this::awaitTurn);
    }

    /** Borrows what the connection read. */
    void onRead(ByteBuf bytes) {
        if (waiting && reply.consume(bytes)) {
            waiting = false;
            long now = elapsedNanos.getAsLong();
            if (!reply.successful()) {
                fail(now);
                return;
            }
            recorder.reply(now, dueNanos);
            if (plan.reconnect()) {
                disconnect();
            }
            awaitTurn();
        }
    }

    /** A connection ended, perhaps one that was left behind. */
    void onClosed(Channel closed) {
        if (closed == channel) {
            channel = null;
            if (waiting) {
                fail(elapsedNanos.getAsLong());
            }
        }
    }

    private void awaitTurn() {
        long now = elapsedNanos.getAsLong();
        if (recorder.ended(now)) {
            disconnect();
            return;
        }
        dueNanos = plan.pacing().dueNanos(index, sent, now);
        sent++;
        if (dueNanos > now) {
            loop.schedule(this::send, dueNanos - now, TimeUnit.NANOSECONDS);
        } else {
            send();
        }
    }

    private void send() {
        waiting = true;
        Channel connected = channel;
        if (connected != null) {
            write(connected);
        } else {
            bootstrap.connect(plan.address()).addListener((ChannelFuture future) -> onConnected(future));
        }
    }

    private void onConnected(ChannelFuture future) {
        if (future.isSuccess()) {
            channel = future.channel();
            write(future.channel());
        } else {
            fail(elapsedNanos.getAsLong());
        }
    }

    private void write(Channel connected) {
        connected.writeAndFlush(plan.dialogue().request().duplicate(), connected.voidPromise());
    }

    /** Gives up the connection, whose state is unknown, and goes on a little later. */
    private void fail(long now) {
        waiting = false;
        recorder.error(now);
        disconnect();
        loop.schedule(this::awaitTurn, PAUSE_AFTER_ERROR_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void disconnect() {
        Channel connected = channel;
        channel = null;
        if (connected != null) {
            connected.close();
        }
    }
}

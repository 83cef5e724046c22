package io.myelin.net;

import io.myelin.model.Clock;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of the data plane, threads {@code io-1} to {@code io-N}. */
public final class Loops {
    private static final int QUIET_MILLIS = 10;
    /**
     * How long loops with rings go on after their sockets were cut: the kernel writes to the buffers of a read until
     * its cancellation is through, and a loop that closes the sockets itself as it ends frees those too early.
     */
    private static final int AFTER_CUT_MILLIS = 250;

    private static final int LIMIT_MILLIS = 5_000;

    private final SocketTypes socketTypes;
    private final EventLoopGroup group;
    private final List<Loop> loops;

    public Loops(int count, SocketTypes socketTypes, Clock clock) {
        this.socketTypes = socketTypes;
        this.group = new MultiThreadIoEventLoopGroup(count, new IoThreads(), socketTypes.ioHandlers());
        List<Loop> created = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            created.add(new Loop(index, group.next(), clock, socketTypes));
        }
        this.loops = List.copyOf(created);
    }

    public SocketTypes socketTypes() {
        return socketTypes;
    }

    public EventLoopGroup group() {
        return group;
    }

    public List<Loop> all() {
        return loops;
    }

    /** Returns the loop that runs on {@code executor}. */
    public Loop of(EventLoop executor) {
        for (Loop loop : loops) {
            if (loop.executor() == executor) {
                return loop;
            }
        }
        throw new IllegalArgumentException("event loop: " + executor + " (expected: one of this group)");
    }

    /**
     * Starts to stop the threads; what is still open is cut.
     *
     * <p>Without a quiet period a busy loop may leave before it has closed its sockets.
     */
    public Future<?> stop() {
        if (socketTypes == SocketTypes.IO_URING) {
            group.schedule(this::stopNow, AFTER_CUT_MILLIS, TimeUnit.MILLISECONDS);
            return group.terminationFuture();
        }
        return stopNow();
    }

    private Future<?> stopNow() {
        return group.shutdownGracefully(QUIET_MILLIS, LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Threads named as the architecture names them. */
    private static final class IoThreads extends DefaultThreadFactory {
        IoThreads() {
            super("io", true);
        }

        @Override
        protected Thread newThread(Runnable task, String name) {
            return super.newThread(task, "io-" + name.substring(name.lastIndexOf('-') + 1));
        }
    }
}

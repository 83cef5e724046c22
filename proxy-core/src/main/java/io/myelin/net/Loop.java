package io.myelin.net;

import io.myelin.model.Clock;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** One event loop of the data plane and what it owns. */
public final class Loop {
    private static final RecvByteBufAllocator READS = new ReadSizes();

    private final int index;
    private final EventLoop executor;
    private final Clock clock;
    private final TimerWheel timers;
    private final SocketTypes socketTypes;

    Loop(int index, EventLoop executor, Clock clock, SocketTypes socketTypes) {
        this.index = index;
        this.executor = executor;
        this.clock = clock;
        this.timers = new TimerWheel((nanos, task) -> executor.schedule(task, nanos, TimeUnit.NANOSECONDS), clock);
        this.socketTypes = socketTypes;
    }

    /** Returns the position among the loops, from 0: the key of everything kept per loop. */
    public int index() {
        return index;
    }

    public EventLoop executor() {
        return executor;
    }

    public Clock clock() {
        return clock;
    }

    public TimerWheel timers() {
        return timers;
    }

    /** Returns a socket that can be connected to {@code remote}, and is not registered yet. */
    public DuplexChannel newSocket(SocketAddress remote) {
        DuplexChannel socket = socketTypes.newSocket(remote);
        prepare(socket);
        return socket;
    }

    /**
     * Lets {@code socket} take its buffers where traffic takes them, and read as much at once as is worth it.
     *
     * <p>Netty's usual allocator cuts what it hands out from chunks that it does not come back to for a while: with
     * buffers the size of a response body each one is cold in the processor's caches, and new chunks are zeroed again
     * and again. The pooled one hands out what was given back last.
     */
    public void prepare(DuplexChannel socket) {
        socket.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        socket.config().setRecvByteBufAllocator(READS);
    }

    /** Returns the address of the Unix socket at {@code path}, for sockets of this loop. */
    public SocketAddress unixAddress(String path) {
        return socketTypes.unixAddress(path);
    }

    /** Lets the kernel choose the port of a socket that is bound to a source address when it connects. */
    public void chooseSourcePortLate(DuplexChannel socket) {
        socketTypes.chooseSourcePortLate(socket);
    }
}

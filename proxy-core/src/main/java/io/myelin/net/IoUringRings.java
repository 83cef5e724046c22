package io.myelin.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The rings of one event loop, and the sockets that use them.
 *
 * <p>The kernel picks the buffer of a read from a ring, so that idle connections hold none. Since Linux 6.12 it can
 * take as much of a large buffer as a read needs, which suits small messages and bulk transfers alike; before, buffers
 * are small, and bulk transfers cost more than with epoll.
 */
final class IoUringRings {
    /**
     * Netty 4.2.18 goes on to deliver what a repeating read brings after reading was switched off, so that a fast
     * member fills the memory of the proxy when its client is slow. Each read is asked for anew, then.
     */
    private static final String REPEATING_READS = "io.netty.iouring.recvMultiShotEnabled";

    static {
        System.setProperty(REPEATING_READS, "false");
    }

    private static final short GROUP = 1;
    private static final short SMALL_BUFFERS = 256;
    private static final int SMALL_BYTES = 4_096;
    private static final short LARGE_BUFFERS = 32;
    private static final int LARGE_BYTES = 128 * 1_024;

    private IoUringRings() {}

    /** Returns why this machine cannot do it, {@code null} if it can. */
    static @Nullable Throwable unavailabilityCause() {
        return IoUring.unavailabilityCause();
    }

    static IoHandlerFactory newFactory() {
        boolean shared = IoUring.isRegisterBufferRingIncSupported();
        short count = shared ? LARGE_BUFFERS : SMALL_BUFFERS;
        IoUringBufferRingConfig buffers = IoUringBufferRingConfig.builder()
                .bufferGroupId(GROUP)
                .bufferRingSize(count)
                .batchSize(count / 4)
                .incremental(shared)
                .allocator(new IoUringFixedBufferRingAllocator(shared ? LARGE_BYTES : SMALL_BYTES))
                .build();
        return IoUringIoHandler.newFactory(
                new IoUringIoHandlerConfig().setSingleIssuer(true).setBufferRingConfig(buffers));
    }

    static DuplexChannel newSocket() {
        IoUringSocketChannel socket = new IoUringSocketChannel();
        socket.config().setOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, GROUP);
        return socket;
    }
}

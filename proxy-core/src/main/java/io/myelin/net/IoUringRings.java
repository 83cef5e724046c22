package io.myelin.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** The rings of one event loop, and the sockets that use them. */
final class IoUringRings {
    private static final short GROUP = 1;
    private static final short BUFFERS = 256;
    private static final int BUFFER_BYTES = 4_096;

    private IoUringRings() {}

    static IoHandlerFactory newFactory() {
        IoUringBufferRingConfig buffers = IoUringBufferRingConfig.builder()
                .bufferGroupId(GROUP)
                .bufferRingSize(BUFFERS)
                .batchSize(BUFFERS / 4)
                .allocator(new IoUringFixedBufferRingAllocator(BUFFER_BYTES))
                .build();
        return IoUringIoHandler.newFactory(
                new IoUringIoHandlerConfig().setSingleIssuer(true).setBufferRingConfig(buffers));
    }

    static ServerChannel newServerSocket() {
        return new IoUringServerSocketChannel();
    }

    static DuplexChannel newSocket() {
        IoUringSocketChannel socket = new IoUringSocketChannel();
        socket.config().setOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, GROUP);
        return socket;
    }
}

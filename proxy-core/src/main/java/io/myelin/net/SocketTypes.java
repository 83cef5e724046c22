package io.myelin.net;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.function.Supplier;

/** A way of driving sockets: which event loop implementation, and the channels that go with it. */
@SuppressWarnings("ImmutableEnumChecker") // the factories are constructor references
public enum SocketTypes {
    /** Linux epoll through Netty's native library. */
    EPOLL(SteadyEpollHandler::newFactory, EpollServerSocketChannel::new, EpollSocketChannel::new),
    /** The JDK's selectors: everywhere, and slower. */
    NIO(NioIoHandler::newFactory, NioServerSocketChannel::new, NioSocketChannel::new);

    private final Supplier<IoHandlerFactory> ioHandlers;
    private final ChannelFactory<ServerChannel> serverSockets;
    private final ChannelFactory<DuplexChannel> sockets;

    SocketTypes(
            Supplier<IoHandlerFactory> ioHandlers,
            ChannelFactory<ServerChannel> serverSockets,
            ChannelFactory<DuplexChannel> sockets) {
        this.ioHandlers = ioHandlers;
        this.serverSockets = serverSockets;
        this.sockets = sockets;
    }

    /** Returns the fastest one that this machine has. */
    public static SocketTypes best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** Returns why {@link #EPOLL} cannot be used here, or an empty text if it can. */
    public static String whyNoEpoll() {
        Throwable cause = Epoll.unavailabilityCause();
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }

    /** Returns whether several listening sockets can share one port, one per event loop, balanced by the kernel. */
    public boolean sharesPorts() {
        return this == EPOLL;
    }

    IoHandlerFactory ioHandlers() {
        return ioHandlers.get();
    }

    public ChannelFactory<ServerChannel> serverSockets() {
        return serverSockets;
    }

    DuplexChannel newSocket() {
        return sockets.newChannel();
    }
}

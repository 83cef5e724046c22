package io.myelin.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A way of driving sockets: which event loop implementation, and the channels that go with it. */
@SuppressWarnings("ImmutableEnumChecker") // the factories are constructor references
public enum SocketTypes {
    /** Linux epoll through Netty's native library. */
    EPOLL(
            SteadyEpollHandler::newFactory,
            new Family(EpollServerSocketChannel::new, EpollSocketChannel::new),
            new Family(EpollServerDomainSocketChannel::new, EpollDomainSocketChannel::new),
            DomainSocketAddress::new,
            EpollChannelOption.IP_BIND_ADDRESS_NO_PORT),
    /** The JDK's selectors: everywhere, and slower. */
    NIO(
            NioIoHandler::newFactory,
            new Family(NioServerSocketChannel::new, NioSocketChannel::new),
            new Family(NioServerDomainSocketChannel::new, NioDomainSocketChannel::new),
            UnixDomainSocketAddress::of,
            null);

    /** The channels of one address family. */
    private record Family(ChannelFactory<ServerChannel> serverSockets, ChannelFactory<DuplexChannel> sockets) {}

    private final Supplier<IoHandlerFactory> ioHandlers;
    private final Family internet;
    private final Family unix;
    private final Function<String, SocketAddress> unixAddresses;
    private final @Nullable ChannelOption<Boolean> lateSourcePort;

    SocketTypes(
            Supplier<IoHandlerFactory> ioHandlers,
            Family internet,
            Family unix,
            Function<String, SocketAddress> unixAddresses,
            @Nullable ChannelOption<Boolean> lateSourcePort) {
        this.ioHandlers = ioHandlers;
        this.internet = internet;
        this.unix = unix;
        this.unixAddresses = unixAddresses;
        this.lateSourcePort = lateSourcePort;
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

    /** Returns what makes listening sockets of IP. */
    public ChannelFactory<ServerChannel> serverSockets() {
        return internet.serverSockets();
    }

    /** Returns what makes listening Unix sockets. */
    public ChannelFactory<ServerChannel> unixServerSockets() {
        return unix.serverSockets();
    }

    DuplexChannel newSocket() {
        return internet.sockets().newChannel();
    }

    DuplexChannel newUnixSocket() {
        return unix.sockets().newChannel();
    }

    /**
     * Returns the address of the Unix socket at {@code path}, for channels of this type.
     *
     * @throws IllegalArgumentException if the file system cannot have such a path
     */
    public SocketAddress unixAddress(String path) {
        return unixAddresses.apply(path);
    }

    /**
     * Lets the kernel choose the port of a socket that is bound to a source address when it connects, so that several
     * connections to different members can have the same, where the kind of socket knows that.
     */
    void chooseSourcePortLate(Channel socket) {
        ChannelOption<Boolean> option = lateSourcePort;
        if (option != null) {
            socket.config().setOption(option, true);
        }
    }
}

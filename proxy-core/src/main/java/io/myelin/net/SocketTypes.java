package io.myelin.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
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
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A way of driving sockets: which event loop implementation, and the channels that go with it. */
@SuppressWarnings("ImmutableEnumChecker") // the factories are constructor references
public enum SocketTypes {
    /** Linux epoll through Netty's native library. */
    EPOLL(
            FrugalEpollHandler::newFactory,
            new Family(
                    address -> new EpollServerSocketChannel(familyOf(address)),
                    address -> new EpollSocketChannel(familyOf(address))),
            new Family(address -> new EpollServerDomainSocketChannel(), address -> new EpollDomainSocketChannel()),
            DomainSocketAddress::new,
            EpollChannelOption.IP_BIND_ADDRESS_NO_PORT),
    /** Linux io_uring: one system call for many operations, and buffers that the kernel picks from a ring. */
    IO_URING(
            IoUringRings::newFactory,
            new Family(address -> new IoUringServerSocketChannel(), address -> IoUringRings.newSocket()),
            new Family(address -> new IoUringServerDomainSocketChannel(), address -> new IoUringDomainSocketChannel()),
            DomainSocketAddress::new,
            null),
    /** The JDK's selectors: everywhere, and slower. */
    NIO(
            NioIoHandler::newFactory,
            new Family(address -> new NioServerSocketChannel(), address -> new NioSocketChannel()),
            new Family(address -> new NioServerDomainSocketChannel(), address -> new NioDomainSocketChannel()),
            address -> UnixDomainSocketAddress.of(address),
            null);

    /** The channels of one address family, for the address they are going to have. */
    private record Family(
            Function<SocketAddress, ServerChannel> serverSockets, Function<SocketAddress, DuplexChannel> sockets) {}

    private static final ByteBuffer RENO = ByteBuffer.wrap("reno".getBytes(US_ASCII));
    private static final RawUnixChannelOption TCP_CONGESTION =
            new RawUnixChannelOption("TCP_CONGESTION", 6, 13, RENO.remaining());

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

    /** A socket of the address's own family costs the kernel less than an IPv6 one with a mapped address. */
    private static SocketProtocolFamily familyOf(SocketAddress address) {
        return address instanceof InetSocketAddress internet && internet.getAddress() instanceof Inet4Address
                ? SocketProtocolFamily.INET
                : SocketProtocolFamily.INET6;
    }

    /** Returns the one that served traffic for the least processor time of those that this machine has. */
    public static SocketTypes best() {
        return EPOLL.whyNot().isEmpty() ? EPOLL : NIO;
    }

    /** Returns why it cannot be used here, or an empty text if it can. */
    public String whyNot() {
        Throwable cause = switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUringRings.unavailabilityCause();
            case NIO -> null;
        };
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }

    /** Returns the name that configuration and logs use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether several listening sockets can share one port, one per event loop, balanced by the kernel. */
    public boolean sharesPorts() {
        return this != NIO;
    }

    /** Returns what drives event loops for these sockets. */
    public IoHandlerFactory ioHandlers() {
        return ioHandlers.get();
    }

    /** Returns a listening socket that can be bound to {@code local}; what it accepts inherits its options. */
    public ServerChannel newServerSocket(SocketAddress local) {
        if (!(local instanceof InetSocketAddress)) {
            return unix.serverSockets().apply(local);
        }
        ServerChannel socket = internet.serverSockets().apply(local);
        unpace(socket, local);
        return socket;
    }

    /** Returns a socket that can be connected to {@code remote}. */
    DuplexChannel newSocket(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress)) {
            return unix.sockets().apply(remote);
        }
        DuplexChannel socket = internet.sockets().apply(remote);
        unpace(socket, remote);
        return socket;
    }

    /**
     * Spares connections within the host the pacing of modern congestion control: there is no network to be gentle
     * with, and the timers cost more than the copying.
     */
    private void unpace(Channel socket, SocketAddress address) {
        if (this != NIO
                && address instanceof InetSocketAddress internetAddress
                && internetAddress.getAddress().isLoopbackAddress()) {
            socket.config().setOption(TCP_CONGESTION, RENO.duplicate());
        }
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

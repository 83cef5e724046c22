package io.myelin.net;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who a client connection is between, when that is not who its socket is between.
 *
 * @param peer the client
 * @param local the address that the client connected to
 */
public record ConnectionEnds(SocketAddress peer, SocketAddress local) {
    /** Returns the ends of the socket itself. */
    public static ConnectionEnds of(Channel channel) {
        return new ConnectionEnds(peerOf(channel, null), localOf(channel, null));
    }

    /** Returns the client's address: the one that was {@code told}, or else the socket's. */
    public static SocketAddress peerOf(Channel channel, @Nullable ConnectionEnds told) {
        return told == null ? known(channel.remoteAddress()) : told.peer;
    }

    /** Returns the address that the client connected to: the one that was {@code told}, or else the socket's. */
    public static SocketAddress localOf(Channel channel, @Nullable ConnectionEnds told) {
        return told == null ? known(channel.localAddress()) : told.local;
    }

    /** Returns the IP address of an end, {@code null} if it has none. */
    public static @Nullable InetAddress ipOf(SocketAddress end) {
        return end instanceof InetSocketAddress internet ? internet.getAddress() : null;
    }

    /** The client of a Unix socket has no address at all. */
    private static SocketAddress known(@Nullable SocketAddress address) {
        return address == null ? Peer.NOBODY : address;
    }
}

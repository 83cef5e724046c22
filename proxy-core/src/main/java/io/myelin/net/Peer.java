package io.myelin.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the other end of a connection is called, and how it is told that the connection broke. */
public final class Peer {
    /** Somebody who has no address, such as the client of a Unix socket. */
    static final SocketAddress NOBODY = new DomainSocketAddress("");

    private static final Logger log = LoggerFactory.getLogger(Peer.class);

    private Peer() {}

    /** Returns the IP address without its port; empty for a socket that has none. */
    public static String host(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? NetUtil.toAddressString(internet.getAddress()) : "";
    }

    /** Returns the address as logs show it: {@code 10.0.0.1:4711}, or {@code unix:} and a path. */
    public static String name(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? NetUtil.toSocketAddressString(internet)
                : "unix:" + address;
    }

    /** Returns the IP address, {@code null} for a socket that has none. */
    public static @Nullable InetAddress ip(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getAddress() : null;
    }

    /** Returns the port, 0 for a socket that has none. */
    public static int port(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }

    /**
     * Ends the sending side of a connection everything has been written to.
     *
     * <p>Netty's own way of it makes an exception for the writes that are left, although there are none.
     */
    public static void endOutput(DuplexChannel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            // Without the alert of an end the peer has to take it for an attack.
            tls.closeOutbound().addListener(done -> channel.shutdownOutput());
        } else if (channel instanceof EpollSocketChannel epoll && epoll.fd() instanceof Socket socket) {
            try {
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException e) {
                log.debug("Ending the output failed: peer={}", channel.remoteAddress(), e);
            }
        } else {
            channel.shutdownOutput();
        }
    }

    /** Returns whether what is said on {@code channel} is encrypted. */
    public static boolean encrypted(Channel channel) {
        return channel.pipeline().get(SslHandler.class) != null;
    }

    /** Makes the close that follows a reset, where the kind of socket knows resets and has not closed by itself. */
    public static void resetOnClose(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            // It would tell the peer that all has been said.
            channel.pipeline().remove(tls);
        }
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }
}

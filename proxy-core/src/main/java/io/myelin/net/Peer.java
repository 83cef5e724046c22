package io.myelin.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What the other end of a connection is called, and how it is told that the connection broke. */
public final class Peer {
    private Peer() {}

    /** Returns the address without its port; for a socket that has no IP address, its name. */
    public static String host(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? NetUtil.toAddressString(internet.getAddress())
                : String.valueOf(address);
    }

    /** Returns the IP address, {@code null} for a socket that has none. */
    public static @Nullable InetAddress ip(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getAddress() : null;
    }

    /** Returns the port, 0 for a socket that has none. */
    public static int port(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }

    /** Makes the close that follows a reset, where the kind of socket knows resets. */
    public static void resetOnClose(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
}

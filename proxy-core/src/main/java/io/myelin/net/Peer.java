package io.myelin.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What the other end of a connection is called, and how it is told that the connection broke. */
public final class Peer {
    /** Somebody who has no address, such as the client of a Unix socket. */
    static final SocketAddress NOBODY = new DomainSocketAddress("");

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

    /** Makes the close that follows a reset, where the kind of socket knows resets. */
    public static void resetOnClose(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
}

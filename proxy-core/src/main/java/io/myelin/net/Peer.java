package io.myelin.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What the other end of a connection is called, and how it is told that the connection broke. */
public final class Peer {
    private Peer() {}

    /** Returns the address without its port; for a socket that has no IP address, its name. */
    public static String host(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? NetUtil.toAddressString(internet.getAddress())
                : String.valueOf(address);
    }

    /** Makes the close that follows a reset, where the kind of socket knows resets and has not closed by itself. */
    public static void resetOnClose(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }
}

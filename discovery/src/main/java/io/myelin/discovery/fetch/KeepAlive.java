package io.myelin.discovery.fetch;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/**
 * What notices that the other end of a connection is gone on which there is nothing to say: the kernel asks it, first
 * after 20 s and then every 5 s, and gives up after the fourth time (RFC 9293 section 3.8.4).
 */
final class KeepAlive {
    private static final Map<ChannelOption<Integer>, Integer> SECONDS_AND_TIMES = Map.of(
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), 20,
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), 5,
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), 4);

    private KeepAlive() {}

    /** Has {@code channel} noticed so, if it is one over TCP; where the system knows no times, with its own. */
    static void on(Channel channel) {
        if (channel instanceof NioSocketChannel) {
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
            // A system that does not know one of these says so, and nothing happens.
            SECONDS_AND_TIMES.forEach((option, value) -> channel.config().setOption(option, value));
        }
    }
}

package io.myelin.discovery.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class KeepAliveTest {
    @Test
    void theKernelAsksWhetherAnyoneIsThere() {
        NioSocketChannel channel = new NioSocketChannel();
        try {
            KeepAlive.on(channel);

            assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
            ChannelOption<Integer> idle = NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
            Integer seconds = channel.config().getOption(idle);
            Assumptions.assumeTrue(seconds != null, "the system has no times of its own for sockets");
            assertThat(seconds).isEqualTo(20);
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    void whatIsNotTcpIsLeftAlone() {
        EmbeddedChannel channel = new EmbeddedChannel();

        KeepAlive.on(channel);

        assertThat(channel.finish()).isFalse();
    }
}

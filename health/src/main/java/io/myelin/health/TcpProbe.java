package io.myelin.health;

import static io.myelin.health.CheckStatus.L4OK;

import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Connects, and is content with that. The connection ends with a reset, which leaves nothing behind on either side.
 *
 * @param connectTimeout how long the connection may take
 * @param clock measures how long it took
 */
record TcpProbe(Duration connectTimeout, Clock clock) implements Probe {
    @Override
    public void ask(EventLoop loop, Endpoint endpoint, InetSocketAddress address, Promise<ProbeResult> answer) {
        ProbeConnection connection =
                new ProbeConnection(loop, address, connectTimeout, answer, clock, clock.nanoTime());
        Bootstrap options = new Bootstrap().option(ChannelOption.SO_LINGER, 0).option(ChannelOption.AUTO_READ, false);
        connection.open(new ChannelInboundHandlerAdapter(), options).addListener(connected -> {
            if (connected.isSuccess()) {
                connection.finish(Finding.of(L4OK, "connected"));
            }
        });
    }
}

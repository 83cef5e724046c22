package io.myelin.health;

import static io.myelin.health.CheckStatus.L4OK;

import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Connects, and is content with that. A connection of TCP that nothing was sent on ends with a reset, which leaves
 * nothing behind on either side.
 *
 * @param connectTimeout how long the connection may take
 * @param introduction what the endpoint is told first
 * @param clock measures how long it took
 */
record TcpProbe(Duration connectTimeout, Introduction introduction, Clock clock) implements Probe {
    @Override
    public void ask(EventLoop loop, Endpoint endpoint, SocketAddress address, Promise<ProbeResult> answer) {
        ProbeConnection connection =
                new ProbeConnection(loop, address, connectTimeout, answer, clock, clock.nanoTime());
        Bootstrap options = new Bootstrap().option(ChannelOption.AUTO_READ, false);
        if (!endpoint.unix() && introduction == Introduction.NONE) {
            options.option(ChannelOption.SO_LINGER, 0);
        }
        ChannelFuture connecting = connection.open(new ChannelInboundHandlerAdapter(), options);
        connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                introduction.writeTo(connecting.channel());
                connection.finish(Finding.of(L4OK, "connected"));
            }
        });
    }
}

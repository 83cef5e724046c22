package io.myelin.health;

import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.redis.RedisBulkStringAggregator;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.codec.redis.RedisEncoder;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Asks a Redis server whether it answers, and whether it looks up keys.
 *
 * @param connectTimeout how long the connection may take
 * @param answerTimeout how long both answers may take after that
 * @param clock measures how long it took
 */
record RedisProbe(Duration connectTimeout, Duration answerTimeout, Clock clock) implements Probe {
    @Override
    public void ask(EventLoop loop, Endpoint endpoint, SocketAddress address, Promise<ProbeResult> answer) {
        ProbeConnection connection =
                new ProbeConnection(loop, address, connectTimeout, answer, clock, clock.nanoTime());
        connection.open(
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("decoder", new RedisDecoder());
                        channel.pipeline().addLast("aggregator", new RedisBulkStringAggregator());
                        channel.pipeline().addLast("encoder", new RedisEncoder());
                        channel.pipeline().addLast("answer", new RedisAnswerHandler(connection, answerTimeout));
                    }
                },
                new Bootstrap());
    }
}

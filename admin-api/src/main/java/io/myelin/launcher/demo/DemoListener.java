package io.myelin.launcher.demo;

import io.myelin.model.Protocol;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The listening side of one demo endpoint; closing it cuts its connections, as the death of a process does. */
final class DemoListener implements AutoCloseable {
    private static final int MAX_BYTES = 64 * 1024;

    private final ChannelGroup channels;
    private final int port;

    private DemoListener(ChannelGroup channels, int port) {
        this.channels = channels;
        this.port = port;
    }

    /**
     * Listens on loopback.
     *
     * @param port 0 for one that the system chooses
     */
    static DemoListener open(EventLoopGroup group, Protocol protocol, String name, int port) throws IOException {
        ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline(protocol, name, channels))
                .bind("127.0.0.1", port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("demo endpoint " + name + " port " + port + ": " + bound.cause(), bound.cause());
        }
        channels.add(bound.channel());
        return new DemoListener(channels, ((InetSocketAddress) bound.channel().localAddress()).getPort());
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        channels.close().awaitUninterruptibly();
    }

    /** What the connections of an endpoint speak. */
    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        private final Protocol protocol;
        private final String name;
        private final ChannelGroup channels;

        Pipeline(Protocol protocol, String name, ChannelGroup channels) {
            this.protocol = protocol;
            this.name = name;
            this.channels = channels;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            channels.add(channel);
            ChannelPipeline pipeline = channel.pipeline();
            String who = name + " " + address(channel);
            switch (protocol) {
                case HTTP -> {
                    pipeline.addLast("codec", new HttpServerCodec());
                    pipeline.addLast("whole", new HttpObjectAggregator(MAX_BYTES));
                    pipeline.addLast("answer", new AnswerHandler(who + "\n"));
                }
                case TCP -> {
                    pipeline.addLast("line", new LineBasedFrameDecoder(MAX_BYTES));
                    pipeline.addLast("echo", new EchoHandler(who + " "));
                }
            }
        }

        private static String address(Channel channel) {
            InetSocketAddress local = (InetSocketAddress) channel.localAddress();
            return local.getAddress().getHostAddress() + ":" + local.getPort();
        }
    }
}

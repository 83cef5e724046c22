package io.myelin.benchmarks.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** The servers at the far end of a benchmark: cheap, and always right. Listens on the loopback interface only. */
public final class Origin implements AutoCloseable {
    private static final int BACKLOG = 4_096;

    private final EventLoops loops;

    /** Starts the event loops; nothing listens yet. */
    public Origin(int threads) {
        loops = new EventLoops("origin", threads);
    }

    /** Serves {@code /small}, {@code /64k} and {@code /1m} over HTTP/1.1; returns the port. */
    public int serveHttp(int port) {
        return listen(port, HttpOriginHandler::new);
    }

    /** Sends back whatever comes; returns the port. */
    public int serveEcho(int port) {
        return listen(port, () -> EchoHandler.ECHO);
    }

    /** Sends {@link BulkHandler#REPLY_BYTES} for every byte that comes; returns the port. */
    public int serveBulk(int port) {
        return listen(port, BulkHandler::new);
    }

    @Override
    public void close() {
        loops.close();
    }

    private int listen(int port, Supplier<ChannelHandler> newHandler) {
        InetSocketAddress address = (InetSocketAddress) new ServerBootstrap()
                .group(loops.group())
                .channel(EventLoops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast("origin", newHandler.get());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel()
                .localAddress();
        return address.getPort();
    }
}

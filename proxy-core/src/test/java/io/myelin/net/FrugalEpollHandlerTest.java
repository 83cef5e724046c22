package io.myelin.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Clock;
import io.myelin.testing.Await;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What reaches a channel whose wishes are passed on late. */
@Timeout(20)
@EnabledOnOs(OS.LINUX)
class FrugalEpollHandlerTest {
    private final Loops loops = new Loops(1, SocketTypes.EPOLL, Clock.SYSTEM);
    private final Loop loop = loops.all().get(0);
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final AtomicInteger bytesRead = new AtomicInteger();
    private boolean readsAtOnce = true;
    private int port;

    @BeforeEach
    void listen() throws InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ServerChannel server = loops.socketTypes().newServerSocket(address);
        server.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                accept((Channel) message);
            }
        });
        loop.executor().register(server).sync();
        server.bind(address).sync();
        port = ((InetSocketAddress) server.localAddress()).getPort();
    }

    @AfterEach
    void stop() {
        loops.stop().syncUninterruptibly();
    }

    @Test
    void whatTheClientHasSentByTheTimeItIsAcceptedIsRead() throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream().write(new byte[100]);
            Await.until("all is read", () -> bytesRead.get() == 100);
        }
    }

    @Test
    void aChannelThatDoesNotReadIsLeftAloneUntilItDoes() throws IOException, InterruptedException {
        readsAtOnce = false;
        try (Socket client = connect()) {
            client.getOutputStream().write(new byte[100]);
            Channel channel = next();
            turnTheLoop();
            assertThat(bytesRead).hasValue(0);
            channel.config().setAutoRead(true);
            Await.until("all is read", () -> bytesRead.get() == 100);
        }
    }

    @Test
    void pausingHoldsBackWhatComesLaterHoweverOftenItWasChanged() throws IOException, InterruptedException {
        try (Socket client = connect()) {
            client.getOutputStream().write(new byte[10]);
            Await.until("the first bytes are read", () -> bytesRead.get() == 10);
            Channel channel = next();
            onLoop(() -> {
                for (int i = 0; i < 1_000; i++) {
                    channel.config().setAutoRead(i % 2 != 0);
                }
                channel.config().setAutoRead(false);
            });
            client.getOutputStream().write(new byte[20]);
            turnTheLoop();
            assertThat(bytesRead).hasValue(10);
            onLoop(() -> channel.config().setAutoRead(true));
            Await.until("the rest is read", () -> bytesRead.get() == 30);
        }
    }

    @Test
    void whatComesAfterTheFirstBytesIsReadThoughNothingElseHappens() throws IOException {
        try (Socket client = connect()) {
            for (int sent = 1; sent <= 50; sent++) {
                int expected = sent;
                client.getOutputStream().write(1);
                Await.until("it is read", () -> bytesRead.get() == expected);
            }
        }
    }

    @Test
    void theEndOfANewChannelIsHeardThoughItsFirstBytesWereJustRead() throws IOException, InterruptedException {
        try (Socket client = connect()) {
            client.getOutputStream().write(1);
            Await.until("it is read", () -> bytesRead.get() == 1);
        }
        Channel channel = next();
        Await.until("it is closed", () -> !channel.isOpen());
    }

    @Test
    void numbersOfClosedSocketsAreUsedAgain() throws IOException, InterruptedException {
        for (int i = 1; i <= 100; i++) {
            int expected = i * 2;
            try (Socket client = connect();
                    Socket other = connect()) {
                client.getOutputStream().write(1);
                other.getOutputStream().write(1);
                Await.until("both are read", () -> bytesRead.get() == expected);
                onLoop(next()::close);
                onLoop(next()::close);
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                assertThat(other.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void aPausedChannelHearsOfAReset() throws IOException, InterruptedException {
        readsAtOnce = false;
        Socket client = connect();
        client.getOutputStream().write(1);
        Channel channel = next();
        turnTheLoop();
        client.setSoLinger(true, 0);
        client.close();
        Await.until("the channel is closed", () -> !channel.isOpen());
    }

    @Test
    void manyShortConnectionsLeaveNothingBehind() throws IOException, InterruptedException {
        for (int i = 1; i <= 200; i++) {
            int expected = i;
            try (Socket client = connect()) {
                client.getOutputStream().write(1);
                Await.until("it is read", () -> bytesRead.get() == expected);
            }
            Channel channel = next();
            Await.until("it is closed", () -> !channel.isOpen());
        }
    }

    private void accept(Channel channel) {
        channel.config().setAutoRead(readsAtOnce);
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                bytesRead.addAndGet(bytes.readableBytes());
                bytes.release();
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        });
        loop.executor().register(channel);
        accepted.add(channel);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private Channel next() throws InterruptedException {
        Channel channel = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(channel).isNotNull();
        return channel;
    }

    private void onLoop(Runnable task) throws InterruptedException {
        loop.executor().submit(task).sync();
    }

    /** Lets the loop ask the kernel for events a few times. */
    private void turnTheLoop() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            loop.executor().schedule(() -> {}, 5, TimeUnit.MILLISECONDS).sync();
        }
    }
}

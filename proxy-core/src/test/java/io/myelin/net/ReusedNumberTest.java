package io.myelin.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Clock;
import io.myelin.testing.Await;
import io.myelin.testing.Gate;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What a connection hears that gets the number of one that was just closed, and of which the kernel had something to
 * tell at that moment.
 */
@Timeout(30)
@EnabledOnOs(OS.LINUX)
class ReusedNumberTest {
    private static final int ATTEMPTS = 100;
    /** More than a server keeps for one who never accepts. */
    private static final int TOO_MANY = 8;

    private final Loops loops = new Loops(1, SocketTypes.EPOLL, Clock.SYSTEM);
    private final Loop loop = loops.all().get(0);
    private final List<SocketChannel> crowd = new ArrayList<>();
    private ServerSocketChannel server;
    /** Lets whoever connects wait. */
    private ServerSocketChannel busy;

    @BeforeEach
    void listen() throws IOException {
        server = open(100);
        busy = open(1);
        for (int i = 0; i < TOO_MANY; i++) {
            SocketChannel one = SocketChannel.open();
            crowd.add(one);
            one.configureBlocking(false);
            one.connect(busy.getLocalAddress());
        }
    }

    private static ServerSocketChannel open(int backlog) throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), backlog);
    }

    @AfterEach
    void stop() throws IOException {
        for (SocketChannel one : crowd) {
            one.close();
        }
        busy.close();
        server.close();
        loops.stop().syncUninterruptibly();
    }

    /** As it is while a child process is being started: it has copies of all sockets until its program runs. */
    @Test
    void aConnectionHearsNothingOfItsPredecessorThatSomebodyElseStillHolds() throws IOException, InterruptedException {
        try (Handover copies = new Handover()) {
            Successor successor = replaceHeld(copies);
            for (int i = 1; i < ATTEMPTS && !successor.tookTheNumber(); i++) {
                successor = replaceHeld(copies);
            }
            assertThat(successor.tookTheNumber()).as("the number is used again").isTrue();
            assertThat(successor.heard).isEmpty();
        }
    }

    /** Any thread of the process may take the number, so that more than one attempt may be needed. */
    @Test
    void aConnectionUnderWayHearsNothingOfWhatBefellTheOneBefore() throws IOException, InterruptedException {
        Successor successor = replace();
        for (int i = 1; i < ATTEMPTS && !successor.tookTheNumber(); i++) {
            successor = replace();
        }
        assertThat(successor.tookTheNumber()).as("the number is used again").isTrue();
        assertThat(successor.heard).isEmpty();
    }

    /** Lets the loop learn at once that a connection has bytes, upon which it replaces another, and that that ended. */
    private Successor replace() throws IOException, InterruptedException {
        try (Pair first = new Pair();
                Pair second = new Pair()) {
            Successor successor = new Successor(second.near);
            onLoop(() -> first.near.pipeline().addLast(successor));
            turnTheLoop();
            Gate gate = new Gate();
            loop.executor().execute(gate::pass);
            first.far.write(ByteBuffer.allocate(1));
            second.far.shutdownOutput();
            gate.open();
            Await.until("the first has its bytes", () -> successor.connection != null);
            turnTheLoop();
            onLoop(successor::end);
            return successor;
        }
    }

    /** Lets a connection be replaced by another of which the first is told, and end only then. */
    private Successor replaceHeld(Handover copies) throws IOException, InterruptedException {
        try (Pair first = new Pair();
                Pair second = new Pair()) {
            FileDescriptor copy = copies.of(numberOf(second.near));
            Successor successor = new Successor(second.near);
            onLoop(() -> first.near.pipeline().addLast(successor));
            first.far.write(ByteBuffer.allocate(1));
            Await.until("the first has its bytes", () -> successor.connection != null);
            turnTheLoop();
            second.far.shutdownOutput();
            turnTheLoop();
            onLoop(successor::end);
            copy.close();
            return successor;
        }
    }

    /** Lets the loop ask the kernel for news a few times. */
    private void turnTheLoop() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            onLoop(() -> {});
        }
    }

    private void onLoop(Runnable task) throws InterruptedException {
        loop.executor().submit(task).sync();
    }

    private static int numberOf(Channel channel) {
        return ((EpollSocketChannel) channel).fd().intValue();
    }

    /** A connection whose near end is on the loop. */
    private final class Pair implements AutoCloseable {
        final DuplexChannel near;
        final SocketChannel far;

        Pair() throws IOException, InterruptedException {
            SocketAddress address = server.getLocalAddress();
            near = loop.newSocket(address);
            near.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            loop.executor().register(near).sync();
            near.connect(address).sync();
            far = server.accept();
        }

        @Override
        public void close() throws IOException {
            near.close().syncUninterruptibly();
            far.close();
        }
    }

    /** Makes copies of sockets, as a child process gets them: other numbers of the same connections. */
    private static final class Handover implements AutoCloseable {
        private final Socket giver = Socket.newSocketDomain();
        private final Socket taker;

        Handover() throws IOException {
            Socket listener = Socket.newSocketDomain();
            DomainSocketAddress address = new DomainSocketAddress(
                    "\0handover-" + ProcessHandle.current().pid());
            listener.bind(address);
            listener.listen(1);
            giver.connect(address);
            taker = new Socket(listener.accept(new byte[26]));
            listener.close();
        }

        FileDescriptor of(int number) throws IOException {
            giver.sendFd(number);
            return new FileDescriptor(taker.recvFd());
        }

        @Override
        public void close() throws IOException {
            giver.close();
            taker.close();
        }
    }

    /** Upon the first bytes of its channel, closes another and begins to connect. */
    private final class Successor extends ChannelInboundHandlerAdapter {
        private final Channel predecessor;
        private final int number;
        /** Owned by the loop until the connection has ended. */
        final List<String> heard = new ArrayList<>();
        /** None before the first bytes. */
        volatile @Nullable DuplexChannel connection;

        Successor(Channel predecessor) {
            this.predecessor = predecessor;
            this.number = numberOf(predecessor);
        }

        boolean tookTheNumber() {
            return numberOf(Objects.requireNonNull(connection)) == number;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
            ReferenceCountUtil.release(message);
            SocketAddress address = busy.getLocalAddress();
            predecessor.close();
            DuplexChannel next = loop.newSocket(address);
            next.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            next.pipeline().addLast(new Ear(heard));
            loop.executor().register(next);
            next.connect(address);
            connection = next;
        }

        void end() {
            DuplexChannel ended = Objects.requireNonNull(connection);
            ended.pipeline().remove(Ear.class);
            ended.close();
        }
    }

    /** Notes whatever befalls a channel. */
    private static final class Ear extends ChannelInboundHandlerAdapter {
        private final List<String> heard;

        Ear(List<String> heard) {
            this.heard = heard;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            heard.add("active");
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            heard.add(event.toString());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            heard.add(cause.toString());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            heard.add("inactive");
        }
    }
}

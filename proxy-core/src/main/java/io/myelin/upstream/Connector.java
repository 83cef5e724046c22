package io.myelin.upstream;

import io.myelin.balance.ErrorWatch;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.model.Endpoint;
import io.myelin.net.Deadline;
import io.myelin.net.HostResolver;
import io.myelin.net.Loop;
import io.myelin.pool.UpstreamConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections to members on one event loop. Confined to that loop. */
public final class Connector {
    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    private final Loop loop;
    private final HostResolver resolver;

    public Connector(Loop loop, HostResolver resolver) {
        this.loop = loop;
        this.resolver = resolver;
    }

    /** Whoever asked for a connection; called once, on the loop. */
    public interface Waiter {
        /** The connection stands. Takes it over. */
        void onConnected(DuplexChannel channel);

        /** There is no connection, for one of the two {@code CONNECT_} reasons. */
        void onConnectFailed(Failure failure, @Nullable Throwable cause);
    }

    /**
     * Connects to {@code member}.
     *
     * @param handler goes into the new channel's pipeline before it connects
     * @param config says how long it may take, and where it comes from
     * @param halfClosure whether the member may close its sending side and still receive
     */
    public void connect(
            Member member, ChannelHandler handler, UpstreamConfig config, boolean halfClosure, Waiter waiter) {
        assert loop.executor().inEventLoop() : "connect outside the event loop";
        Attempt attempt = new Attempt(member, handler, config, halfClosure, waiter);
        Endpoint endpoint = member.endpoint();
        if (endpoint.unix()) {
            attempt.start(endpoint.host());
            return;
        }
        InetSocketAddress address = resolver.known(endpoint.host(), endpoint.port());
        if (address != null) {
            attempt.start(address);
        } else {
            resolver.resolve(endpoint.host(), endpoint.port(), loop.executor(), attempt::onAddress);
        }
    }

    /** One connection under way. */
    private final class Attempt {
        private final Member member;
        private final ChannelHandler handler;
        private final UpstreamConfig config;
        private final boolean halfClosure;
        private final Waiter waiter;

        Attempt(Member member, ChannelHandler handler, UpstreamConfig config, boolean halfClosure, Waiter waiter) {
            this.member = member;
            this.handler = handler;
            this.config = config;
            this.halfClosure = halfClosure;
            this.waiter = waiter;
        }

        void onAddress(@Nullable InetSocketAddress address) {
            if (address == null) {
                fail(
                        Failure.CONNECT_FAILED,
                        new UnknownHostException(member.endpoint().host()));
            } else {
                start(address);
            }
        }

        void start(String path) {
            SocketAddress address;
            try {
                address = loop.unixAddress(path);
            } catch (IllegalArgumentException e) {
                fail(Failure.CONNECT_FAILED, e);
                return;
            }
            start(loop.newSocket(address), address, null);
        }

        void start(InetSocketAddress address) {
            DuplexChannel channel = loop.newSocket(address);
            InetSocketAddress source = config.source();
            if (source != null && source.getPort() == 0) {
                loop.chooseSourcePortLate(channel);
            }
            if (config.tcpKeepAlive()) {
                channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
            }
            start(channel, address, source);
        }

        private void start(DuplexChannel channel, SocketAddress address, @Nullable SocketAddress source) {
            channel.config().setConnectTimeoutMillis(0);
            channel.config().setAutoRead(false);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure);
            channel.pipeline().addLast("upstream", handler);
            loop.executor().register(channel);
            ChannelFuture connected = source == null ? channel.connect(address) : channel.connect(address, source);
            if (connected.isDone()) {
                onOutcome(connected, channel);
                return;
            }
            Deadline deadline = new Deadline(() -> connected.cancel(false));
            loop.timers().arm(deadline, config.connectTimeout().toNanos());
            connected.addListener(done -> {
                loop.timers().forget(deadline);
                onOutcome(connected, channel);
            });
        }

        private void onOutcome(ChannelFuture connected, DuplexChannel channel) {
            if (connected.isSuccess()) {
                member.load(loop.index()).counters().increment(MemberCounter.CONNECTIONS);
                waiter.onConnected(channel);
            } else if (connected.isCancelled()) {
                channel.close();
                fail(Failure.CONNECT_TIMEOUT, null);
            } else {
                channel.close();
                fail(Failure.CONNECT_FAILED, connected.cause());
            }
        }

        private void fail(Failure failure, @Nullable Throwable cause) {
            member.load(loop.index()).counters().increment(MemberCounter.CONNECT_FAILURES);
            ErrorWatch watch = member.errorWatch();
            if (watch != null) {
                watch.onConnectFailed(loop.index(), failure.label());
            }
            log.debug("Connection failed: member={} failure={}", member, failure.label(), cause);
            waiter.onConnectFailed(failure, cause);
        }
    }
}

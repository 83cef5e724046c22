package io.myelin.upstream;

import io.myelin.balance.ErrorWatch;
import io.myelin.balance.HandshakeCounter;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.model.Endpoint;
import io.myelin.model.MemberTls;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Deadline;
import io.myelin.net.HostResolver;
import io.myelin.net.Loop;
import io.myelin.net.Warnings;
import io.myelin.pool.UpstreamConfig;
import io.myelin.tls.HandshakeEnd;
import io.myelin.tls.MemberContext;
import io.myelin.tls.MemberContexts;
import io.myelin.tls.Resumption;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections to members on one event loop. Confined to that loop. */
public final class Connector {
    private static final String HANDLER = "upstream";
    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    private final Loop loop;
    private final HostResolver resolver;
    private final MemberContexts contexts;
    private final Warnings warnings = new Warnings();

    public Connector(Loop loop, HostResolver resolver, MemberContexts contexts) {
        this.loop = loop;
        this.resolver = resolver;
        this.contexts = contexts;
    }

    /** Whoever asked for a connection; called on the loop. */
    public interface Waiter {
        /**
         * The connection stands, and is in the clear. May write what goes ahead of everything else, encrypted or not.
         * What follows, on the same call or later, is one of the other two.
         */
        void introduce(DuplexChannel channel);

        /** Returns whether what the client says goes to the member as it is. */
        default boolean passesThrough() {
            return false;
        }

        /**
         * Returns whom {@code member} is asked for according to the client, {@code null} if the client does not say.
         */
        default @Nullable String serverName(Member member) {
            return null;
        }

        /**
         * The connection stands. Takes it over.
         *
         * @param encryption what it is encrypted with, {@code null} if it is not
         */
        void onConnected(DuplexChannel channel, @Nullable MemberContext encryption);

        /** There is no connection, for a reason that is {@link Failure#connecting()}. */
        void onConnectFailed(Failure failure, @Nullable Throwable cause);
    }

    /**
     * Connects to {@code member}, and encrypts the connection if that is wanted.
     *
     * @param handler goes into the new channel's pipeline before it connects, or after the handshake
     * @param config says how long it may take, and where it comes from
     * @param halfClosure whether the member may close its sending side and still receive
     */
    public void connect(
            Member member, ChannelHandler handler, UpstreamConfig config, boolean halfClosure, Waiter waiter) {
        assert loop.executor().inEventLoop() : "connect outside the event loop";
        Attempt attempt = new Attempt(member, handler, config, halfClosure, waiter);
        MemberTls tls = member.tls();
        if (tls == null || (tls.requestsOnly() && waiter.passesThrough())) {
            attempt.locate();
            return;
        }
        MemberContext context = contexts.known(tls);
        if (context != null) {
            attempt.locate(context);
        } else {
            contexts.resolve(tls, loop.executor(), attempt::locate);
        }
    }

    /** One connection under way. */
    @OwnedBy(Owner.EVENT_LOOP)
    private final class Attempt {
        private final Member member;
        private final ChannelHandler handler;
        private final UpstreamConfig config;
        private final boolean halfClosure;
        private final Waiter waiter;
        private final Deadline deadline = new Deadline(this::onDeadline);
        private @Nullable MemberContext encryption;
        private @Nullable ChannelFuture connecting;
        private boolean over;

        Attempt(Member member, ChannelHandler handler, UpstreamConfig config, boolean halfClosure, Waiter waiter) {
            this.member = member;
            this.handler = handler;
            this.config = config;
            this.halfClosure = halfClosure;
            this.waiter = waiter;
        }

        void locate(MemberContext context) {
            encryption = context;
            if (context.broken().isEmpty()) {
                locate();
            } else {
                member.onHandshake(loop.index(), HandshakeCounter.UNUSABLE);
                fail(Failure.TLS_FAILED, new SSLException(context.broken()));
            }
        }

        void locate() {
            Endpoint endpoint = member.endpoint();
            if (endpoint.unix()) {
                start(endpoint.host());
                return;
            }
            InetSocketAddress address = resolver.known(endpoint.host(), endpoint.port());
            if (address != null) {
                start(address);
            } else {
                resolver.resolve(endpoint.host(), endpoint.port(), loop.executor(), this::onAddress);
            }
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
            channel.pipeline().addLast(HANDLER, encryption == null ? handler : new HandshakeHandler(this::onHandshake));
            loop.executor().register(channel);
            ChannelFuture connected = source == null ? channel.connect(address) : channel.connect(address, source);
            connecting = connected;
            if (connected.isDone() && encryption == null) {
                onOutcome(connected, channel);
                return;
            }
            loop.timers().arm(deadline, config.connectTimeout().toNanos());
            connected.addListener(done -> onOutcome(connected, channel));
        }

        private void onOutcome(ChannelFuture connected, DuplexChannel channel) {
            if (connected.isSuccess()) {
                waiter.introduce(channel);
                MemberContext context = encryption;
                if (context == null) {
                    onStanding(channel);
                } else {
                    encrypt(channel, context);
                }
            } else if (connected.isCancelled()) {
                channel.close();
                fail(Failure.CONNECT_TIMEOUT, null);
            } else {
                channel.close();
                fail(Failure.CONNECT_FAILED, connected.cause());
            }
        }

        private void encrypt(DuplexChannel channel, MemberContext context) {
            SslHandler tls = newTls(channel, context);
            if (tls == null) {
                // Its files have changed since it was found.
                contexts.resolve(context.tls(), loop.executor(), current -> encryptAnew(channel, current));
            } else {
                channel.pipeline().addFirst("tls", tls);
            }
        }

        private void encryptAnew(DuplexChannel channel, MemberContext current) {
            if (over) {
                return;
            }
            encryption = current;
            SslHandler tls = newTls(channel, current);
            if (tls == null) {
                channel.close();
                String reason = current.broken();
                fail(
                        Failure.TLS_FAILED,
                        new SSLException(reason.isEmpty() ? "no connection is encrypted any more" : reason));
            } else {
                channel.pipeline().addFirst("tls", tls);
            }
        }

        private @Nullable SslHandler newTls(DuplexChannel channel, MemberContext context) {
            return context.newHandler(channel.alloc(), member.endpoint(), waiter.serverName(member));
        }

        /** The handshake is over, with {@code cause} if it failed. */
        private void onHandshake(ChannelHandlerContext ctx, @Nullable Throwable cause) {
            if (over) {
                return;
            }
            count(ctx, cause);
            if (cause == null) {
                ctx.pipeline().replace(ctx.handler(), HANDLER, handler);
                onStanding((DuplexChannel) ctx.channel());
            } else {
                ctx.close();
                fail(HandshakeEnd.failureOf(cause), cause);
            }
        }

        private void count(ChannelHandlerContext ctx, @Nullable Throwable cause) {
            member.onHandshake(
                    loop.index(), cause == null ? HandshakeCounter.SUCCEEDED : HandshakeEnd.counterOf(cause));
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (cause == null && tls != null && Resumption.of(tls)) {
                member.onHandshake(loop.index(), HandshakeCounter.RESUMED);
            }
        }

        private void onStanding(DuplexChannel channel) {
            end();
            member.load(loop.index()).counters().increment(MemberCounter.CONNECTIONS);
            waiter.onConnected(channel, encryption);
        }

        private void onDeadline() {
            ChannelFuture connected = connecting;
            if (connected != null && !connected.cancel(false)) {
                connected.channel().close();
                member.onHandshake(loop.index(), HandshakeCounter.TIMEOUT);
                fail(Failure.TLS_TIMEOUT, null);
            }
        }

        private void end() {
            over = true;
            loop.timers().forget(deadline);
        }

        private void fail(Failure failure, @Nullable Throwable cause) {
            if (over) {
                return;
            }
            end();
            member.load(loop.index()).counters().increment(MemberCounter.CONNECT_FAILURES);
            ErrorWatch watch = member.errorWatch();
            if (watch != null) {
                watch.onConnectFailed(loop.index(), failure.label());
            }
            if (encryption != null && failure != Failure.CONNECT_FAILED && failure != Failure.CONNECT_TIMEOUT) {
                warn(failure, cause);
            }
            log.debug("Connection failed: member={} failure={}", member, failure.label(), cause);
            waiter.onConnectFailed(failure, cause);
        }

        private void warn(Failure failure, @Nullable Throwable cause) {
            if (warnings.due(loop.clock().nanoTime())) {
                log.warn(
                        "TLS with a member failed: member={} failure={} reason={} others={}",
                        member,
                        failure.label(),
                        cause == null ? "it took too long" : HandshakeEnd.reasonOf(cause),
                        warnings.takeSuppressed());
            }
        }
    }
}

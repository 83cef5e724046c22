package io.myelin.health;

import static io.myelin.health.CheckStatus.L6OK;
import static io.myelin.health.CheckStatus.L6RSP;

import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.MemberTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks endpoints over TLS as traffic speaks it: makes a request, or is content with the handshake.
 *
 * @param http what is asked after the handshake, {@code null} for nothing
 * @param timeout how long the connection may take, and again how long the handshake may
 * @param introduction what the endpoint is told before the handshake
 * @param clock measures how long it took
 * @param encryption has what connections are encrypted with
 */
record EncryptedProbe(
        @Nullable HttpProbe http,
        Duration timeout,
        Introduction introduction,
        Clock clock,
        CheckEncryption encryption) {
    static EncryptedProbe of(CheckConfig config, Introduction introduction, Clock clock, CheckEncryption encryption) {
        @Nullable HttpCheck check = config.http();
        HttpProbe http = check == null
                ? null
                : new HttpProbe(check, config.connectTimeout(), config.readTimeout(), Introduction.NONE, clock);
        return new EncryptedProbe(http, config.connectTimeout(), introduction, clock, encryption);
    }

    /** Asks once, as {@link Probe#ask} does. */
    void ask(
            MemberTls tls,
            EventLoop loop,
            Endpoint endpoint,
            String state,
            SocketAddress address,
            Promise<ProbeResult> answer) {
        ProbeConnection connection = new ProbeConnection(loop, address, timeout, answer, clock, clock.nanoTime());
        encryption.find(tls, loop, context -> {
            if (!context.broken().isEmpty()) {
                connection.finish(Finding.of(L6RSP, "TLS cannot be used: " + context.broken()));
            } else if (!answer.isDone()) {
                ChannelFuture connecting = open(connection, handler(connection, endpoint, state));
                connecting.addListener(connected -> {
                    if (connected.isSuccess()) {
                        introduction.writeTo(connecting.channel());
                        encrypt(connecting.channel(), context, tls, endpoint, connection);
                    }
                });
            }
        });
    }

    private ChannelFuture open(ProbeConnection connection, ChannelHandler last) {
        return connection.open(
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("handshake", new HandshakeHandler(connection, timeout));
                        channel.pipeline().addLast("answer", last);
                    }
                },
                new Bootstrap());
    }

    private void encrypt(
            Channel channel,
            CheckEncryption.Context context,
            MemberTls tls,
            Endpoint endpoint,
            ProbeConnection connection) {
        if (!encrypted(channel, context, endpoint)) {
            // Its files have changed since it was found.
            encryption.find(tls, channel.eventLoop(), current -> {
                if (!encrypted(channel, current, endpoint)) {
                    connection.finish(Finding.of(L6RSP, "TLS cannot be used: " + current.broken()));
                }
            });
        }
    }

    private boolean encrypted(Channel channel, CheckEncryption.Context context, Endpoint endpoint) {
        SslHandler handler = context.newHandler(channel.alloc(), endpoint);
        if (handler == null) {
            return false;
        }
        handler.setHandshakeTimeoutMillis(Math.max(1, timeout.toMillis()));
        channel.pipeline().addFirst("tls", handler);
        return true;
    }

    private ChannelHandler handler(ProbeConnection connection, Endpoint endpoint, String state) {
        HttpProbe asks = http;
        return asks == null ? new ContentHandler(connection) : asks.handler(connection, endpoint, state);
    }

    /** Is content once the handshake is over. */
    private static final class ContentHandler extends ChannelInboundHandlerAdapter {
        private final ProbeConnection connection;

        ContentHandler(ProbeConnection connection) {
            this.connection = connection;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            connection.finish(Finding.of(L6OK, "TLS handshake done"));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            connection.finish(Finding.of(L6RSP, "closed during the TLS handshake"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            connection.finish(Finding.of(L6RSP, "TLS handshake failed: " + cause.getMessage()));
        }
    }
}

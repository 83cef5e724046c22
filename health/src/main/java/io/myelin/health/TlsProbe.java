package io.myelin.health;

import io.myelin.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP probe over TLS.
 *
 * @param plain what is asked once the handshake is over
 * @param context makes the client's side
 * @param verify whether the certificate must be valid and name the endpoint's host
 * @param handshakeTimeout how long the handshake may take once the connection stands, {@code null} if it shares the
 *     time of the answer
 */
record TlsProbe(
        HttpProbe plain,
        SslContext context,
        boolean verify,
        @Nullable Duration handshakeTimeout) implements Probe {
    /** Makes contexts when the first probe of their kind is made: reading the certificates to trust takes a while. */
    private static final class Lenient {
        static final SslContext CONTEXT = context(SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(""));
    }

    /** The same for those who trust nobody but the authorities of this JDK. */
    private static final class Strict {
        static final SslContext CONTEXT = context(SslContextBuilder.forClient());
    }

    /** A probe that accepts any certificate. */
    static TlsProbe of(HttpProbe plain, @Nullable Duration handshakeTimeout) {
        return new TlsProbe(plain, Lenient.CONTEXT, false, handshakeTimeout);
    }

    /** A probe that accepts certificates which the authorities that this JDK trusts gave to the endpoint's host. */
    static TlsProbe verified(HttpProbe plain) {
        return new TlsProbe(plain, Strict.CONTEXT, true, null);
    }

    private static SslContext context(SslContextBuilder builder) {
        try {
            return builder.sslProvider(SslProvider.JDK).build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS of this JDK", e);
        }
    }

    @Override
    public void ask(EventLoop loop, Endpoint endpoint, SocketAddress address, Promise<ProbeResult> answer) {
        ProbeConnection connection = new ProbeConnection(
                loop,
                address,
                plain.connectTimeout(),
                answer,
                plain.clock(),
                plain.clock().nanoTime());
        AnswerHandler handler = plain.handler(connection, endpoint, "");
        connection.open(
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslHandler tls = verify
                                ? context.newHandler(channel.alloc(), nameOf(endpoint), endpoint.port())
                                : context.newHandler(channel.alloc());
                        Duration own = handshakeTimeout;
                        Duration limit = own == null ? plain.readTimeout() : own;
                        tls.setHandshakeTimeoutMillis(Math.max(1, limit.toMillis()));
                        channel.pipeline().addLast("tls", tls);
                        if (own != null) {
                            channel.pipeline().addLast("handshake", new HandshakeHandler(connection, own));
                        }
                        channel.pipeline().addLast("answer", handler);
                    }
                },
                new Bootstrap());
    }

    /** Certificates for development name this host {@code localhost}, whatever address it is reached at. */
    private static String nameOf(Endpoint endpoint) {
        boolean loopback = endpoint.unix()
                || endpoint.host().startsWith("127.")
                || endpoint.host().equals("::1");
        return loopback ? "localhost" : endpoint.host();
    }
}

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
import javax.net.ssl.SSLException;

/**
 * An HTTP probe over TLS that accepts any certificate.
 *
 * @param plain what is asked once the handshake is over
 * @param context makes the client's side
 */
record TlsProbe(HttpProbe plain, SslContext context) implements Probe {
    static TlsProbe of(HttpProbe plain) {
        try {
            return new TlsProbe(
                    plain,
                    SslContextBuilder.forClient()
                            .sslProvider(SslProvider.JDK)
                            .trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .endpointIdentificationAlgorithm("")
                            .build());
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
                        SslHandler tls = context.newHandler(channel.alloc());
                        tls.setHandshakeTimeoutMillis(
                                Math.max(1, plain.readTimeout().toMillis()));
                        channel.pipeline().addLast("tls", tls);
                        channel.pipeline().addLast("answer", handler);
                    }
                },
                new Bootstrap());
    }
}

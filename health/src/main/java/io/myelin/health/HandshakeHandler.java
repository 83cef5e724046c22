package io.myelin.health;

import static io.myelin.health.CheckStatus.L6RSP;
import static io.myelin.health.CheckStatus.L6TOUT;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.time.Duration;

/** Keeps what follows from beginning before the TLS handshake is over, and turns one that fails into the finding. */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {
    private final ProbeConnection connection;
    private final Duration timeout;

    HandshakeHandler(ProbeConnection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    /** Held back until the handshake is over, so that the time for the answer begins there. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {}

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                ctx.fireChannelActive();
            } else {
                connection.finish(finding(handshake.cause()));
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private Finding finding(Throwable cause) {
        return cause instanceof SslHandshakeTimeoutException
                ? Finding.of(L6TOUT, "timeout after " + timeout.toMillis() + " ms (TLS handshake)")
                : Finding.of(L6RSP, "TLS handshake failed: " + cause.getMessage());
    }
}

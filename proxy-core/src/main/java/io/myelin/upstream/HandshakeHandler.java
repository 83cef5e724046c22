package io.myelin.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Holds the place of what is to use a connection while its TLS handshake goes on. */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {
    private final BiConsumer<ChannelHandlerContext, @Nullable Throwable> end;

    /**
     * Creates it.
     *
     * @param end hears of the end of the handshake, with a cause if it failed; perhaps more than once
     */
    HandshakeHandler(BiConsumer<ChannelHandlerContext, @Nullable Throwable> end) {
        this.end = end;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            end.accept(ctx, handshake.isSuccess() ? null : handshake.cause());
        }
    }

    /** Nothing is expected before the handshake is over. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end.accept(ctx, cause);
    }
}

package io.myelin.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads whom a client wants to speak to, and makes way for the handler that shows it that one's certificate. */
final class ClientHelloHandler extends SslClientHelloHandler<SslContext> {
    /** A fatal alert, {@code unrecognized_name} (RFC 6066, section 3). */
    private static final byte[] UNRECOGNIZED_NAME = {0x15, 3, 3, 0, 2, 2, 112};

    private final TlsContexts contexts;

    ClientHelloHandler(TlsContexts contexts) {
        this.contexts = contexts;
    }

    @Override
    protected Future<SslContext> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf clientHello) {
        if (clientHello == null) {
            // It is no TLS, which the engine says better.
            return ctx.executor().newSucceededFuture(contexts.usual());
        }
        ClientHello hello = ClientHello.parse(clientHello);
        SslContext context = contexts.find(hello);
        return context == null
                ? ctx.executor().newFailedFuture(new UnknownNameException("name=" + hello.serverName()))
                : ctx.executor().newSucceededFuture(context);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<SslContext> found) {
        if (found.isSuccess()) {
            ctx.pipeline().replace(this, "tls", contexts.handler(found.getNow(), ctx.alloc()));
            return;
        }
        ctx.writeAndFlush(ctx.alloc().buffer(UNRECOGNIZED_NAME.length).writeBytes(UNRECOGNIZED_NAME))
                .addListener(ChannelFutureListener.CLOSE);
        ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(found.cause()));
    }
}

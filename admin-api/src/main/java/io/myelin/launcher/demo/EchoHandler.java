package io.myelin.launcher.demo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;

/** Gives the first line of a connection back, prefixed with who answers, and hangs up. */
final class EchoHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private final String prefix;

    EchoHandler(String prefix) {
        this.prefix = prefix;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
        ByteBuf head = Unpooled.copiedBuffer(prefix, StandardCharsets.UTF_8);
        ByteBuf end = Unpooled.copiedBuffer("\n", StandardCharsets.UTF_8);
        // The decoder releases its line after this method; the write releases it a second time.
        ctx.writeAndFlush(Unpooled.wrappedBuffer(head, line.retain(), end)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}

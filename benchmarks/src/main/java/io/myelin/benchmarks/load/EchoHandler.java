package io.myelin.benchmarks.load;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Sends back whatever comes, and reads no faster than the other side does. */
@Sharable
final class EchoHandler extends ChannelInboundHandlerAdapter {
    static final EchoHandler ECHO = new EchoHandler();

    private EchoHandler() {}

    /** Hands {@code message} over to the write, which releases it. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ctx.write(message, ctx.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}

package io.myelin.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Answers every byte with a mebibyte. */
final class BulkHandler extends ChannelInboundHandlerAdapter {
    static final int REPLY_BYTES = 1 << 20;

    private static final ByteBuf REPLY = CannedBytes.of(new byte[0], (byte) 0, REPLY_BYTES);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf request = (ByteBuf) message;
        int replies = request.readableBytes();
        request.release();
        for (int i = 0; i < replies; i++) {
            ctx.write(REPLY.duplicate(), ctx.voidPromise());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}

package io.myelin.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A web server for benchmarks: canned answers by path, request bodies with a {@code Content-Length} are swallowed. It
 * trusts its clients.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class HttpOriginHandler extends ByteToMessageDecoder {
    private static final ByteBuf SMALL = response("200 OK", 13);
    private static final ByteBuf MIDDLE = response("200 OK", 64 << 10);
    private static final ByteBuf LARGE = response("200 OK", 1 << 20);
    private static final ByteBuf UNKNOWN = response("404 Not Found", 0);

    private long bodyBytes;
    private @Nullable ByteBuf answer;
    private boolean close;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        while (in.isReadable() && (answer != null || readHead(in))) {
            int taken = (int) Math.min(bodyBytes, in.readableBytes());
            in.skipBytes(taken);
            bodyBytes -= taken;
            if (bodyBytes > 0) {
                return;
            }
            reply(ctx);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        ctx.flush();
        super.channelReadComplete(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void reply(ChannelHandlerContext ctx) {
        ByteBuf reply = answer == null ? UNKNOWN : answer;
        answer = null;
        ctx.write(reply.duplicate(), ctx.voidPromise());
        if (close) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ctx.close());
        }
    }

    /** Returns whether a whole head was there. */
    private boolean readHead(ByteBuf in) {
        int end = endOfHead(in);
        if (end < 0) {
            return false;
        }
        String head = in.readCharSequence(end - in.readerIndex(), US_ASCII).toString();
        answer = answerFor(head);
        bodyBytes = contentLength(head);
        close = head.contains("close") && head.toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n");
        return true;
    }

    private static int endOfHead(ByteBuf in) {
        int from = in.readerIndex();
        for (int newline = in.indexOf(from, in.writerIndex(), (byte) '\n');
                newline >= 0;
                newline = in.indexOf(newline + 1, in.writerIndex(), (byte) '\n')) {
            if (newline - from >= 3 && in.getByte(newline - 2) == '\n') {
                return newline + 1;
            }
        }
        return -1;
    }

    private static ByteBuf answerFor(String head) {
        int path = head.indexOf(' ') + 1;
        if (head.startsWith("/small", path)) {
            return SMALL;
        }
        if (head.startsWith("/64k", path)) {
            return MIDDLE;
        }
        return head.startsWith("/1m", path) ? LARGE : UNKNOWN;
    }

    private static long contentLength(String head) {
        if (head.startsWith("GET ")) {
            return 0;
        }
        String key = "\r\ncontent-length: ";
        int at = head.toLowerCase(Locale.ROOT).indexOf(key);
        return at < 0 ? 0 : Long.parseLong(head.substring(at + key.length(), head.indexOf('\r', at + key.length())));
    }

    private static ByteBuf response(String status, int bodyBytes) {
        byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + bodyBytes
                        + "\r\n\r\n")
                .getBytes(US_ASCII);
        return CannedBytes.of(head, (byte) 'x', bodyBytes);
    }
}

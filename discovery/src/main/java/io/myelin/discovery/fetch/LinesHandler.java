package io.myelin.discovery.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;

/** Hands over the lines of the one response of a connection. */
@OwnedBy(Owner.REGISTRY)
final class LinesHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final int OK = 200;

    private final Follower follower;
    private final int longestLine;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean ended;

    /** Creates what gives up when a line is longer than {@code longestLine} bytes. */
    LinesHandler(Follower follower, int longestLine) {
        this.follower = follower;
        this.longestLine = longestLine;
    }

    /** Says no more to the follower, whatever still comes. */
    void silence() {
        ended = true;
    }

    /** Says that the connection could not be made. */
    void fail(String reason) {
        if (!ended) {
            ended = true;
            follower.onEnd(reason);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            end(ctx, "the answer is not HTTP");
        } else if (part instanceof HttpResponse response) {
            begin(ctx, response.status().code());
        } else if (part instanceof HttpContent content && !ended) {
            take(ctx, content.content());
            if (part instanceof LastHttpContent) {
                end(ctx, "the answer ended");
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(ctx, "closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(ctx, String.valueOf(cause.getMessage()));
    }

    private void begin(ChannelHandlerContext ctx, int status) {
        if (status == OK && !ended) {
            follower.onOpen();
        } else {
            ctx.close();
            if (!ended) {
                ended = true;
                follower.onRefused(status);
            }
        }
    }

    private void take(ChannelHandlerContext ctx, ByteBuf content) {
        while (content.isReadable() && !ended) {
            int ahead = content.bytesBefore((byte) '\n');
            int length = ahead < 0 ? content.readableBytes() : ahead;
            if (line.size() + length > longestLine) {
                end(ctx, "a line is longer than " + longestLine + " bytes");
                return;
            }
            line.writeBytes(ByteBufUtil.getBytes(content, content.readerIndex(), length, false));
            content.skipBytes(length);
            if (ahead >= 0) {
                content.skipBytes(1);
                endLine();
            }
        }
    }

    private void endLine() {
        String text = line.toString(UTF_8).strip();
        line.reset();
        if (!text.isEmpty()) {
            follower.onLine(text);
        }
    }

    private void end(ChannelHandlerContext ctx, String reason) {
        ctx.close();
        fail(reason);
    }
}

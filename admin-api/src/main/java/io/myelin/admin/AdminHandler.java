package io.myelin.admin;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.TimeoutException;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one connection, one after the other; whatever goes wrong with one harms only that one. */
@OwnedBy(Owner.ADMIN_LOOP)
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger log = LoggerFactory.getLogger(AdminHandler.class);

    private final Router router;
    private final Clock clock;
    private boolean closing;

    AdminHandler(Router router, Clock clock) {
        this.router = router;
        this.clock = clock;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (closing) {
            return;
        }
        boolean wellFormed = request.decoderResult().isSuccess();
        Reply reply = wellFormed
                ? answer(ctx, request)
                : Reply.error(statusOf(request.decoderResult().cause()), "malformed request", "");
        closing = !wellFormed || !HttpUtil.isKeepAlive(request);
        write(ctx, request, reply);
    }

    /** Takes no further request while the client is slow to take the answers. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof TimeoutException) {
            log.debug("Admin connection lost: client={}", ctx.channel().remoteAddress(), cause);
        } else {
            log.error("Admin connection failed: client={}", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }

    private Reply answer(ChannelHandlerContext ctx, FullHttpRequest message) {
        try {
            AdminRequest request = AdminRequest.of(message, ctx.channel().localAddress());
            Reply refusal = HostRule.check(request.authority(), ctx.channel().localAddress());
            return refusal != null ? refusal : router.answer(request);
        } catch (MalformedTargetException e) {
            return Reply.error(400, String.valueOf(e.getMessage()), "");
        } catch (RuntimeException e) {
            log.error("Admin request failed: method={} target={}", message.method(), message.uri(), e);
            return Reply.error(500, "internal error, see the log", message.uri());
        }
    }

    private void write(ChannelHandlerContext ctx, FullHttpRequest request, Reply reply) {
        ByteBuf body = ByteBufUtil.encodeString(ctx.alloc(), CharBuffer.wrap(reply.body()), StandardCharsets.UTF_8);
        int bodyBytes = body.readableBytes();
        if (request.method().equals(HttpMethod.HEAD)) {
            body.release();
            body = Unpooled.EMPTY_BUFFER;
        }
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, bodyBytes)
                .set(HttpHeaderNames.DATE, Times.now(clock).http())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        reply.headers().forEach((name, value) -> response.headers().set(name, value));
        HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), !closing);
        ChannelFuture written = ctx.writeAndFlush(response);
        if (closing) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static int statusOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return 414;
        }
        return cause instanceof TooLongHttpHeaderException ? 431 : 400;
    }
}

package io.myelin.admin;

import io.myelin.httpd.TextAnswer;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.TimeoutException;
import java.io.IOException;
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
        new TextAnswer(reply.status(), reply.contentType(), reply.body(), reply.headers())
                .write(ctx, request, clock.wallMillis(), closing);
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

    private static int statusOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return 414;
        }
        return cause instanceof TooLongHttpHeaderException ? 431 : 400;
    }
}

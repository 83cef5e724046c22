package io.myelin.tye;

import io.myelin.admin.ChangeRule;
import io.myelin.admin.HostRule;
import io.myelin.health.replica.ReplicaControl;
import io.myelin.health.replica.ReplicaControl.LogTap;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.tye.TyeApi.Question;
import io.myelin.tye.TyeApi.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of one connection that are Tye's and passes the others on.
 *
 * <p>A log that is followed is a stream of server-sent events, one for each line, after which the connection ends. A
 * client that does not read them misses lines and is told how many.
 */
@OwnedBy(Owner.ADMIN_LOOP)
public final class TyeApiHandler extends ChannelInboundHandlerAdapter {
    private static final String NAME = "tye";
    private static final String NEXT = "answer";
    /** Lines that wait for the event loop beyond this are dropped. */
    private static final int MOST_WAITING = 1_000;

    private final TyeApi api;
    private final ReplicaControl control;
    private final ChangeRule changes;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private @Nullable LogTap tap;

    private TyeApiHandler(TyeApi api, ReplicaControl control, ChangeRule changes) {
        this.api = api;
        this.control = control;
        this.changes = changes;
    }

    /**
     * Puts a handler before the one that answers everything else.
     *
     * @param changes who may change something
     */
    public static void addTo(
            ChannelPipeline pipeline,
            ReplicaControl control,
            Application application,
            ChangeRule changes,
            Clock clock) {
        TyeApi api = new TyeApi(control, application, clock);
        pipeline.addBefore(NEXT, NAME, new TyeApiHandler(api, control, changes));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (tap != null) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!(message instanceof FullHttpRequest request)
                || !request.decoderResult().isSuccess()
                || !answer(ctx, request)) {
            ctx.fireChannelRead(message);
            return;
        }
        request.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endFollowing();
        ctx.fireChannelInactive();
    }

    /** Keeps a log that is followed alive while nothing is written to it. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (tap != null && event instanceof IdleStateEvent) {
            ctx.writeAndFlush(new DefaultHttpContent(ByteBufUtil.writeUtf8(ctx.alloc(), ": still here\n\n")));
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** Returns whether the request was answered. */
    private boolean answer(ChannelHandlerContext ctx, FullHttpRequest request) {
        Question question = question(ctx, request);
        if (question == null
                || !HostRule.admits(question.authority(), ctx.channel().localAddress())) {
            return false;
        }
        String followed = api.followed(question);
        if (followed != null) {
            follow(ctx, request, followed);
            return true;
        }
        Reply reply = api.answer(question);
        if (reply == null) {
            return false;
        }
        write(ctx, request, reply);
        return true;
    }

    private @Nullable Question question(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (!request.uri().startsWith("/")) {
            return null;
        }
        try {
            QueryStringDecoder target = new QueryStringDecoder(request.uri());
            String path = target.path();
            HttpHeaders headers = request.headers();
            String authority = headers.get(
                    HttpHeaderNames.HOST, String.valueOf(ctx.channel().localAddress()));
            return new Question(
                    request.method().name(),
                    path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
                    parameter(target, "follow", "").equals("true"),
                    headers.get(HttpHeaderNames.ACCEPT, ""),
                    authority,
                    changes.admits(
                            headers.get(HttpHeaderNames.AUTHORIZATION, ""),
                            headers.get(HttpHeaderNames.ORIGIN, ""),
                            authority,
                            ctx.channel().localAddress()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String parameter(QueryStringDecoder target, String name, String otherwise) {
        List<String> values = target.parameters().getOrDefault(name, List.of());
        return values.isEmpty() ? otherwise : values.get(0);
    }

    private static void write(ChannelHandlerContext ctx, FullHttpRequest request, Reply reply) {
        ByteBuf body = ByteBufUtil.writeUtf8(ctx.alloc(), reply.body());
        int length = body.readableBytes();
        if (request.method().equals(HttpMethod.HEAD)) {
            body.release();
            body = Unpooled.EMPTY_BUFFER;
        }
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
        common(response.headers(), reply.contentType()).set(HttpHeaderNames.CONTENT_LENGTH, length);
        if (!reply.allow().isEmpty()) {
            response.headers().set(HttpHeaderNames.ALLOW, reply.allow());
        }
        boolean stays = HttpUtil.isKeepAlive(request);
        HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), stays);
        ctx.writeAndFlush(response)
                .addListener(stays ? ChannelFutureListener.CLOSE_ON_FAILURE : ChannelFutureListener.CLOSE);
    }

    private static HttpHeaders common(HttpHeaders headers, String contentType) {
        return headers.set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
    }

    private void follow(ChannelHandlerContext ctx, FullHttpRequest request, String service) {
        List<String> before = control.log(service);
        LogTap opened = control.follow(service, line -> offer(ctx, line));
        if (before == null || opened == null) {
            write(ctx, request, TyeApi.unknown(service));
            return;
        }
        tap = opened;
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        common(head.headers(), "text/event-stream").set(HttpHeaderNames.CONNECTION, "close");
        HttpUtil.setTransferEncodingChunked(head, request.protocolVersion().isKeepAliveDefault());
        ctx.write(head);
        StringBuilder events = new StringBuilder();
        before.forEach(line -> events.append(event(line)));
        ctx.writeAndFlush(new DefaultHttpContent(ByteBufUtil.writeUtf8(ctx.alloc(), events)));
    }

    /** Hands a line over to the event loop; any thread. */
    private void offer(ChannelHandlerContext ctx, String line) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        ctx.executor().execute(() -> {
            waiting.decrementAndGet();
            send(ctx, line);
        });
    }

    private void send(ChannelHandlerContext ctx, String line) {
        if (tap == null) {
            return;
        }
        if (!ctx.channel().isWritable()) {
            dropped.incrementAndGet();
            return;
        }
        int missed = dropped.getAndSet(0);
        String before = missed == 0 ? "" : "event: dropped\ndata: " + missed + "\n\n";
        ctx.writeAndFlush(new DefaultHttpContent(ByteBufUtil.writeUtf8(ctx.alloc(), before + event(line))));
    }

    private static String event(String line) {
        return "data: " + line.replace('\r', ' ').replace("\n", "\ndata: ") + "\n\n";
    }

    private void endFollowing() {
        LogTap open = tap;
        tap = null;
        if (open != null) {
            open.close();
        }
    }
}

package io.myelin.synse;

import io.myelin.health.plugin.PluginCallException;
import io.myelin.health.plugin.Reading;
import io.myelin.httpd.ListenerEvent;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers with what plugins remember, a line for each reading, as it arrives and no faster than the client takes it;
 * passes all other requests on.
 *
 * <p>What goes wrong behind the head is logged, and told in a trailer.
 */
@OwnedBy(Owner.ADMIN_LOOP)
final class ReadCacheHandler extends ChannelInboundHandlerAdapter {
    static final String PATH = "/v3/readcache";
    static final String CONTENT_TYPE = "application/json; charset=utf-8";

    private static final Logger log = LoggerFactory.getLogger(ReadCacheHandler.class);

    private final ReadingStreams streams;
    private final HttpCounts counts;
    private final List<String> missing = new ArrayList<>();
    private @Nullable Merged merged;
    private HttpCounts.@Nullable Begun begun;
    private boolean stays;
    private boolean flushing;

    ReadCacheHandler(ReadingStreams streams, HttpCounts counts) {
        this.streams = streams;
        this.counts = counts;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (merged != null) {
            ReferenceCountUtil.release(message);
            return;
        }
        Bounds bounds = message instanceof FullHttpRequest request ? bounds(request) : null;
        if (bounds == null) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            begin(ctx, (FullHttpRequest) message, bounds);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Returns what is asked for, {@code null} if that is something else or makes no sense. */
    private static @Nullable Bounds bounds(FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()
                || !request.method().equals(HttpMethod.GET)
                || !request.uri().startsWith(PATH)) {
            return null;
        }
        try {
            Call call = Call.of(request);
            return ('/' + String.join("/", call.segments())).equals(PATH) ? Bounds.of(call) : null;
        } catch (ApiException e) {
            // Whoever answers all other requests says what is wrong with it.
            return null;
        }
    }

    private void begin(ChannelHandlerContext ctx, FullHttpRequest request, Bounds bounds) {
        ctx.channel().config().setAutoRead(false);
        begun = counts.begin("GET", PATH);
        boolean chunks = request.protocolVersion().isKeepAliveDefault();
        stays = chunks && HttpUtil.isKeepAlive(request);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff")
                .set(HttpHeaderNames.TRAILER, Outcome.MISSING);
        HttpUtil.setTransferEncodingChunked(head, chunks);
        HttpUtil.setKeepAlive(head.headers(), request.protocolVersion(), stays);
        ctx.writeAndFlush(head);
        missing.clear();
        Merged opened = new Merged(ctx.executor(), new Lines(ctx));
        merged = opened;
        missing.addAll(streams.openCaches(opened, bounds));
        if (opened.over()) {
            end(ctx);
        }
    }

    /** Writes readings as lines. */
    private final class Lines implements Merged.Taker {
        private final ChannelHandlerContext ctx;

        Lines(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public boolean take(Reading reading) {
            byte[] line = Notation.line(ReadingShape.of(reading));
            ByteBuf text =
                    ctx.alloc().ioBuffer(line.length + 1).writeBytes(line).writeByte('\n');
            HttpCounts.Begun counted = begun;
            if (counted != null) {
                counted.sent(line.length + 1);
            }
            ctx.write(new DefaultHttpContent(text));
            if (!flushing) {
                flushing = true;
                ctx.executor().execute(() -> {
                    flushing = false;
                    ctx.flush();
                });
            }
            return ctx.channel().isWritable();
        }

        @Override
        public void ended(String plugin, @Nullable PluginCallException reason) {
            if (reason != null) {
                log.warn("Remembered readings missing: plugin={} error={}", plugin, reason.getMessage());
                missing.add(plugin);
            }
            Merged open = merged;
            if (open != null && open.over()) {
                end(ctx);
            }
        }
    }

    private void end(ChannelHandlerContext ctx) {
        merged = null;
        HttpCounts.Begun counted = begun;
        if (counted != null) {
            counted.end(200);
        }
        LastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        Outcome.headers(missing).forEach((name, value) -> last.trailingHeaders().set(name, value));
        ctx.writeAndFlush(last)
                .addListener(stays ? ChannelFutureListener.CLOSE_ON_FAILURE : ChannelFutureListener.CLOSE);
        if (stays) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
    }

    /** Whoever answers all other requests must not take one while this one is answered. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Merged open = merged;
        if (open == null) {
            ctx.fireChannelWritabilityChanged();
        } else if (ctx.channel().isWritable()) {
            open.resume();
        }
    }

    /** Whoever answers all other requests must not end the connection while this one is answered. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ListenerEvent.CLOSING && merged != null) {
            stays = false;
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Merged open = merged;
        merged = null;
        if (open != null) {
            open.cancel();
        }
        ctx.fireChannelInactive();
    }
}

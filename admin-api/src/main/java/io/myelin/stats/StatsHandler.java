package io.myelin.stats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.config.operator.StatsConfig;
import io.myelin.httpd.TextAnswer;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.TimeoutException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one connection to a listener for statistics, one after the other. */
@OwnedBy(Owner.ADMIN_LOOP)
final class StatsHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger log = LoggerFactory.getLogger(StatsHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    private final Supplier<StatsConfig> config;
    private final Statistics statistics;
    private final Clock clock;
    private boolean closing;

    /** @param config how the listener is configured now */
    StatsHandler(Supplier<StatsConfig> config, Statistics statistics, Clock clock) {
        this.config = config;
        this.statistics = statistics;
        this.clock = clock;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (closing) {
            return;
        }
        boolean wellFormed = request.decoderResult().isSuccess();
        TextAnswer answer = wellFormed ? answer(request) : text(400, "malformed request");
        closing = !wellFormed || !HttpUtil.isKeepAlive(request);
        answer.write(ctx, request, clock.wallMillis(), closing);
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
            log.debug("Stats connection lost: client={}", ctx.channel().remoteAddress(), cause);
        } else {
            log.error("Stats connection failed: client={}", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }

    private TextAnswer answer(FullHttpRequest request) {
        StatsConfig current = config.get();
        String target = request.uri();
        if (!target.startsWith(current.uri())) {
            return text(404, "unknown path (expected: " + current.uri() + ", or " + current.uri() + ";csv)");
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return text(405, "method: " + request.method() + " (expected: GET or HEAD)", Map.of("Allow", "GET, HEAD"));
        }
        if (!admits(current, request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
            String realm = current.realm().replaceAll("[\\\\\"\\p{Cntrl}]", "_");
            return text(
                    401,
                    "user and password (expected: those of stats auth)",
                    Map.of("WWW-Authenticate", "Basic realm=\"" + realm + "\""));
        }
        try {
            return statistics(
                    current, StatsQuery.of(target.substring(current.uri().length())));
        } catch (RuntimeException e) {
            log.error("Statistics could not be made: target={}", target, e);
            return text(500, "internal error, see the log");
        }
    }

    private TextAnswer statistics(StatsConfig current, StatsQuery asked) {
        StatsQuery query = asked.within(current.scopes());
        if (query.csv()) {
            return new TextAnswer(200, TEXT, statistics.csv(query), Map.of());
        }
        String page = statistics.page(query, "Statistics Report");
        long refreshSeconds = current.refresh().toSeconds();
        boolean refreshes = query.refresh() && refreshSeconds > 0;
        return new TextAnswer(
                200,
                "text/html; charset=utf-8",
                page,
                refreshes
                        ? Map.of("Refresh", Long.toString(refreshSeconds), "Content-Security-Policy", POLICY)
                        : Map.of("Content-Security-Policy", POLICY));
    }

    private static boolean admits(StatsConfig config, @Nullable String authorization) {
        if (config.users().isEmpty()) {
            return true;
        }
        byte[] shown = String.valueOf(authorization).getBytes(UTF_8);
        boolean known = false;
        for (StatsConfig.User user : config.users()) {
            String pair = user.name() + ":" + user.password();
            String wanted = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
            known |= MessageDigest.isEqual(wanted.getBytes(UTF_8), shown);
        }
        return known;
    }

    private static TextAnswer text(int status, String line) {
        return text(status, line, Map.of());
    }

    private static TextAnswer text(int status, String line, Map<String, String> headers) {
        return new TextAnswer(status, TEXT, line + "\n", headers);
    }
}

package io.myelin.httpd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * A complete answer, which nobody may keep.
 *
 * @param headers further headers
 */
public record TextAnswer(int status, String contentType, String body, Map<String, String> headers) {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    public TextAnswer {
        headers = Map.copyOf(headers);
    }

    /**
     * Writes the answer to {@code request}, without its body if that is a HEAD.
     *
     * @param nowMillis wall clock
     * @param last whether the connection ends with it
     */
    public void write(ChannelHandlerContext ctx, FullHttpRequest request, long nowMillis, boolean last) {
        ByteBuf text = ByteBufUtil.encodeString(ctx.alloc(), CharBuffer.wrap(body), StandardCharsets.UTF_8);
        int bodyBytes = text.readableBytes();
        if (request.method().equals(HttpMethod.HEAD)) {
            text.release();
            text = Unpooled.EMPTY_BUFFER;
        }
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), text);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CONTENT_LENGTH, bodyBytes)
                .set(HttpHeaderNames.DATE, HTTP_DATE.format(Instant.ofEpochMilli(nowMillis)))
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        headers.forEach((name, value) -> response.headers().set(name, value));
        HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), !last);
        ChannelFuture written = ctx.writeAndFlush(response);
        if (last) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }
}

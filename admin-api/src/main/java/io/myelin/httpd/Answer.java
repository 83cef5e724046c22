package io.myelin.httpd;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * What a request is answered with, which nobody may keep.
 *
 * @param headers further headers
 */
public record Answer(int status, String contentType, Body body, Map<String, String> headers) {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** Returns all headers but those that say where the body ends. */
    HttpHeaders allHeaders(long nowMillis) {
        HttpHeaders all = new DefaultHttpHeaders();
        all.set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.DATE, HTTP_DATE.format(Instant.ofEpochMilli(nowMillis)))
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        headers.forEach(all::set);
        return all;
    }

    /** Returns the same answer with other further headers. */
    public Answer withHeaders(Map<String, String> newHeaders) {
        return new Answer(status, contentType, body, newHeaders);
    }
}

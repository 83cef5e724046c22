package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrailerRulesTest {
    private final TrailerRules anything = new TrailerRules(null, Set.of("x-hop"));

    @ParameterizedTest
    @ValueSource(
            strings = {"grpc-status", "grpc-message", "digest", "content-digest", "content-md5", "server-timing", "etag"
            })
    void whatDescribesTheBodyOrTheCallTravels(String name) {
        assertThat(anything.forwards(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transfer-encoding",
                "content-length",
                "trailer",
                "host",
                "expect",
                "te",
                "range",
                "if-match",
                "max-forwards",
                "authorization",
                "proxy-authorization",
                "cookie",
                "set-cookie",
                "www-authenticate",
                "cache-control",
                "age",
                "date",
                "location",
                "vary",
                "content-type",
                "content-encoding",
                "content-range",
                "connection",
                "keep-alive",
                "upgrade",
                "proxy-connection",
                "x-forwarded-for",
                "x-real-ip",
                "forwarded",
                "via",
                "sec-fetch-site",
                "accept-encoding",
                "x-hop"
            })
    void whatChangesHowAMessageIsTakenDoesNot(String name) {
        assertThat(anything.forwards(name)).isFalse();
    }

    @Test
    void ofARequestOnlyWhatItAnnouncesTravels() {
        TrailerRules rules = Objects.requireNonNull(announced(
                "Trailer: Digest , X-Sum, Host, b@d,\r\nTrailer: x-more\r\nTrailer: X-Mine\r\nConnection: x-mine\r\n"));

        assertThat(rules.forwards("digest")).isTrue();
        assertThat(rules.forwards("x-sum")).isTrue();
        assertThat(rules.forwards("x-more")).isTrue();
        assertThat(rules.forwards("x-mine")).isFalse();
        assertThat(rules.forwards("host")).isFalse();
        assertThat(rules.forwards("x-other")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Trailer:\r\n", "Trailer: Host, Cookie\r\n", "Trailer: X\r\nConnection: X\r\n", ""})
    void aRequestThatAnnouncesNothingSafeHasNoRules(String fields) {
        assertThat(announced(fields)).isNull();
    }

    private static @Nullable TrailerRules announced(String fields) {
        RequestHead head = new RequestHead();
        String text = "POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n" + fields + "\r\n";
        assertThat(Heads.parse(head, text)).isEqualTo(text.length());
        return head.trailers();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TE: trailers\r\nConnection: TE\r\n",
                "te: gzip;q=0.5 , Trailers\r\nConnection: close, te\r\n",
                "TE: deflate\r\nTE: trailers,\r\nConnection: TE\r\n"
            })
    void aClientMaySayThatItTakesTrailers(String fields) {
        assertThat(takesTrailers("1.1", fields)).isTrue();
        assertThat(takesTrailers("1.0", fields)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "TE: trailers\r\n",
                "Connection: TE\r\n",
                "TE: trailer\r\nConnection: TE\r\n",
                "TE: trailers;q=0\r\nConnection: TE\r\n",
                "TE: gzip\r\nConnection: TE\r\n"
            })
    void otherClientsDoNot(String fields) {
        assertThat(takesTrailers("1.1", fields)).isFalse();
    }

    private static boolean takesTrailers(String version, String fields) {
        RequestHead head = new RequestHead();
        String text = "GET / HTTP/" + version + "\r\nHost: web\r\n" + fields + "\r\n";
        assertThat(Heads.parse(head, text)).isEqualTo(text.length());
        return head.takesTrailers();
    }
}

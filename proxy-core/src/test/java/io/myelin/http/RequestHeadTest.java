package io.myelin.http;

import static io.myelin.http.Heads.GET;
import static io.myelin.http.Heads.assertSplitsAgree;
import static io.myelin.http.Heads.parse;
import static io.myelin.http.Heads.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.route.RequestView;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    private static final String HOST = "Host: web\r\n\r\n";
    private static final String LINE = "GET / HTTP/1.1\r\n";

    private final RequestHead head = new RequestHead();

    static List<String> accepted() {
        return List.of(
                GET + "\r\n",
                "\r\n" + GET + "\r\n",
                "\r\n".repeat(8) + GET + "\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: web\r\n\r\n",
                "get / HTTP/1.1\r\n" + HOST,
                "M-SEARCH / HTTP/1.1\r\n" + HOST,
                "!#$%&'*+-.^_`|~09azAZ / HTTP/1.1\r\n" + HOST,
                "X / HTTP/1.1\r\n" + HOST,
                "GET //a/../b;c=d?e=f&g[]={h}|\"<>\\^` HTTP/1.1\r\n" + HOST,
                "GET /%00%zz HTTP/1.1\r\n" + HOST,
                "GET /?a?b HTTP/1.1\r\n" + HOST,
                "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\n" + HOST,
                "OPTIONS * HTTP/1.1\r\n" + HOST,
                "OPTIONS /* HTTP/1.1\r\n" + HOST,
                "GET http://web/ HTTP/1.1\r\n" + HOST,
                "GET HTTP://other:81/a?b HTTP/1.1\r\n" + HOST,
                "GET https://web HTTP/1.1\r\n" + HOST,
                "GET http://web?a HTTP/1.1\r\n" + HOST,
                "GET http://[::1]:80/ HTTP/1.1\r\n" + HOST,
                "GET http://web/ HTTP/1.0\r\n\r\n",
                LINE + "hOsT:web\r\n\r\n",
                LINE + "Host:\t web:80 \t\r\n\r\n",
                GET + "A:\r\n\r\n",
                GET + "A:    \r\n\r\n",
                GET + "A:\t\t\t\t\t\t\t\t\t\t\r\n\r\n",
                GET + "A: b: c\r\n\r\n",
                GET + "A: b\tc\r\n\r\n",
                GET + "A: \u0080\u00ff\u00e4\r\n\r\n",
                GET + "A: eight byte words are looked at \u00e9 at once, tabs\tand all\r\n\r\n",
                GET + "!#$%&'*+-.^_`|~09azAZ: b\r\n\r\n",
                GET + "A: b\r\nA: c\r\na: d\r\n\r\n",
                GET + "Content-Length: 0\r\n\r\n",
                GET + "Content-Length: 007\r\n\r\n",
                GET + "Content-Length: 999999999999999999\r\n\r\n",
                GET + "Content-Length:5\t\r\n\r\n",
                GET + "Content-Lengths: x\r\n\r\n",
                GET + "Transfer-Encoding: chunked\r\n\r\n",
                GET + "transfer-encoding:\tCHUNKED \r\n\r\n",
                GET + "Connection: close\r\n\r\n",
                GET + "Connection: , ,close,, a , \r\nConnection:\r\n\r\n",
                GET + "Connection: \"not a token\"\r\n\r\n",
                GET + "Connection: " + "a,".repeat(64) + "\r\n\r\n",
                GET + "Connection: " + "close,".repeat(1_000) + "\r\n\r\n",
                GET + "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n",
                GET + "A: " + "b".repeat(60_000) + "\r\n\r\n");
    }

    static Stream<Arguments> rejected() {
        return Stream.of(
                        rejections(
                                Violation.REQUEST_LINE,
                                "\r\n".repeat(9) + GET + "\r\n",
                                "\r\n".repeat(30_000),
                                "GET / http/1.1\r\n" + HOST,
                                "GET / HTTP 1.1\r\n" + HOST,
                                "GET / HTP/1.1\r\n" + HOST,
                                "GET /  HTTP/1.1\r\n" + HOST,
                                "GET / a HTTP/1.1\r\n" + HOST,
                                "GET / \r\n" + HOST,
                                "GET / HTTP/1,1\r\n" + HOST,
                                "GET / HTTP/a.1\r\n" + HOST,
                                "GET / HTTP/1.x\r\n" + HOST,
                                "GET / HTTP/11.1\r\n" + HOST,
                                "GET / HTTP/1\r\n" + HOST),
                        rejections(
                                Violation.METHOD,
                                " GET / HTTP/1.1\r\n" + HOST,
                                "\tGET / HTTP/1.1\r\n" + HOST,
                                "GET\t/ HTTP/1.1\r\n" + HOST,
                                "GE\0T / HTTP/1.1\r\n" + HOST,
                                "GET/ HTTP/1.1\r\n" + HOST,
                                "G@T / HTTP/1.1\r\n" + HOST,
                                "G\u00c4T / HTTP/1.1\r\n" + HOST,
                                "GET\r\n" + HOST,
                                "\n" + GET + "\r\n",
                                "\r" + GET + "\r\n",
                                "\r\r\n" + GET + "\r\n",
                                "\r\n\n" + GET + "\r\n",
                                "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc",
                                ":" + HOST),
                        rejections(
                                Violation.TARGET,
                                "GET  / HTTP/1.1\r\n" + HOST,
                                "GET \r\n" + HOST,
                                "GET /\r\n" + HOST,
                                "GET /\n" + HOST,
                                "GET /\tHTTP/1.1\r\n" + HOST,
                                "GET /\u0001 HTTP/1.1\r\n" + HOST,
                                "GET /\0 HTTP/1.1\r\n" + HOST,
                                "GET /\u007f HTTP/1.1\r\n" + HOST,
                                "GET /\u00e4 HTTP/1.1\r\n" + HOST,
                                "GET /a#b HTTP/1.1\r\n" + HOST,
                                "GET # HTTP/1.1\r\n" + HOST,
                                "GET a HTTP/1.1\r\n" + HOST,
                                "GET web:80 HTTP/1.1\r\n" + HOST,
                                "GET ?a HTTP/1.1\r\n" + HOST,
                                "GET * HTTP/1.1\r\n" + HOST,
                                "OPTIONS ** HTTP/1.1\r\n" + HOST,
                                "OPTIONS *?a HTTP/1.1\r\n" + HOST,
                                "OPTIONS web HTTP/1.1\r\n" + HOST,
                                "GET http:// HTTP/1.1\r\n" + HOST,
                                "GET http:/// HTTP/1.1\r\n" + HOST,
                                "GET http://?a HTTP/1.1\r\n" + HOST,
                                "GET http://:80/ HTTP/1.1\r\n" + HOST,
                                "GET http://user@web/ HTTP/1.1\r\n" + HOST,
                                "GET http://user:secret@web/ HTTP/1.1\r\n" + HOST,
                                "GET http://web:x/ HTTP/1.1\r\n" + HOST,
                                "GET http://web\\@other/ HTTP/1.1\r\n" + HOST,
                                "GET http:/web/ HTTP/1.1\r\n" + HOST,
                                "GET ftp://web/ HTTP/1.1\r\n" + HOST,
                                "GET ws://web/ HTTP/1.1\r\n" + HOST),
                        rejections(
                                Violation.VERSION,
                                "GET / HTTP/0.9\r\n" + HOST,
                                "GET / HTTP/1.2\r\n" + HOST,
                                "GET / HTTP/1.9\r\n" + HOST,
                                "GET / HTTP/2.0\r\n" + HOST,
                                "GET / HTTP/9.1\r\n" + HOST,
                                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                        rejections(
                                Violation.LINE_END,
                                "GET / HTTP/1.1\n" + HOST,
                                "GET / HTTP/1.1\r" + HOST,
                                "GET / HTTP/1.1 \r\n" + HOST,
                                "GET / HTTP/1.10\r\n" + HOST,
                                "GET / HTTP/1.1\0\r\n" + HOST,
                                "GET / HTTP/1.1\r\r\n" + HOST,
                                GET + "A: b\nB: c\r\n\r\n",
                                GET + "A: b\rB: c\r\n\r\n",
                                GET + "A: b\r\r\n\r\n",
                                GET + "A:\n\r\n",
                                GET + "A: \n b\r\n\r\n",
                                GET + "A: b\n\n",
                                GET + "\r\r\n",
                                GET + "\rA: b\r\n\r\n",
                                GET + "\n",
                                GET + "\n\r\n"),
                        rejections(
                                Violation.FIELD_NAME,
                                GET + "A : b\r\n\r\n",
                                GET + "A\t: b\r\n\r\n",
                                GET + ": b\r\n\r\n",
                                GET + "A\r\n\r\n",
                                GET + "A B: c\r\n\r\n",
                                GET + "A\0: c\r\n\r\n",
                                GET + "(A): c\r\n\r\n",
                                GET + "\u00c4: c\r\n\r\n",
                                GET + "A\u007f: c\r\n\r\n",
                                GET + "Transfer-Encoding : chunked\r\n\r\n",
                                GET + "Content-Length\u000b: 5\r\n\r\n",
                                GET + "\0\r\n\r\n"),
                        rejections(
                                Violation.LINE_FOLDING,
                                LINE + " Host: web\r\n\r\n",
                                LINE + "\tHost: web\r\n\r\n",
                                GET + "A: b\r\n c\r\n\r\n",
                                GET + "A: b\r\n\tc\r\n\r\n",
                                GET + "A: b\r\n \r\n\r\n",
                                GET + "Transfer-Encoding:\r\n chunked\r\n\r\n"),
                        rejections(
                                Violation.FIELD_VALUE,
                                GET + "A: \0\r\n\r\n",
                                GET + "A: b\0c\r\n\r\n",
                                GET + "A: b\u0001\r\n\r\n",
                                GET + "A: b\u000b\r\n\r\n",
                                GET + "A: b\u000c\r\n\r\n",
                                GET + "A: b\u001f\r\n\r\n",
                                GET + "A: b\u007f\r\n\r\n",
                                GET + "A: a long value with a delete \u007f among its words\r\n\r\n",
                                GET + "A: a tab \t and a bell \u0007 among its words\r\n\r\n"),
                        rejections(
                                Violation.HOST,
                                LINE + "\r\n",
                                LINE + "A: b\r\n\r\n",
                                LINE + "Host:\r\n\r\n",
                                LINE + "Host: \t \r\n\r\n",
                                LINE + "Host: web\r\nHost: web\r\n\r\n",
                                LINE + "Host: web\r\nA: b\r\nhost: other\r\n\r\n",
                                LINE + "Host: web, other\r\n\r\n",
                                LINE + "Host: user@web\r\n\r\n",
                                LINE + "Host: http://web\r\n\r\n",
                                LINE + "Host: web/\r\n\r\n",
                                LINE + "Host: web?\r\n\r\n",
                                LINE + "Host: web:80:80\r\n\r\n",
                                LINE + "Host: w\u00e4b\r\n\r\n",
                                LINE + "Host: \"web\"\r\n\r\n",
                                "GET http://web/ HTTP/1.1\r\n\r\n",
                                "GET http://web/ HTTP/1.1\r\nHost: a b\r\n\r\n",
                                "OPTIONS * HTTP/1.1\r\n\r\n",
                                "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"),
                        rejections(
                                Violation.CONTENT_LENGTH,
                                GET + "Content-Length:\r\n\r\n",
                                GET + "Content-Length: +5\r\n\r\n",
                                GET + "Content-Length: -5\r\n\r\n",
                                GET + "Content-Length: 0x5\r\n\r\n",
                                GET + "Content-Length: 5.0\r\n\r\n",
                                GET + "Content-Length: 5 5\r\n\r\n",
                                GET + "Content-Length: 5,5\r\n\r\n",
                                GET + "Content-Length: 5, 6\r\n\r\n",
                                GET + "Content-Length: 5;\r\n\r\n",
                                GET + "Content-Length: \"5\"\r\n\r\n",
                                GET + "Content-Length: \u00b2\r\n\r\n",
                                GET + "Content-Length: 1000000000000000000\r\n\r\n",
                                GET + "Content-Length: 9223372036854775808\r\n\r\n",
                                GET + "Content-Length: 18446744073709551617\r\n\r\n",
                                GET + "Content-Length: 0000000000000000001\r\n\r\n",
                                GET + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
                                GET + "Content-Length: 5\r\ncontent-length: 6\r\n\r\n",
                                GET + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n"),
                        rejections(
                                Violation.TRANSFER_ENCODING,
                                GET + "Transfer-Encoding:\r\n\r\n",
                                GET + "Transfer-Encoding: identity\r\n\r\n",
                                GET + "Transfer-Encoding: gzip\r\n\r\n",
                                GET + "Transfer-Encoding: gzip, chunked\r\n\r\n",
                                GET + "Transfer-Encoding: chunked, gzip\r\n\r\n",
                                GET + "Transfer-Encoding: chunked, chunked\r\n\r\n",
                                GET + "Transfer-Encoding: chunked,\r\n\r\n",
                                GET + "Transfer-Encoding: ,chunked\r\n\r\n",
                                GET + "Transfer-Encoding: chunked;q=1\r\n\r\n",
                                GET + "Transfer-Encoding: \"chunked\"\r\n\r\n",
                                GET + "Transfer-Encoding: xchunked\r\n\r\n",
                                GET + "Transfer-Encoding: chunke\u00e4\r\n\r\n",
                                GET + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                                GET + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
                                GET + "Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n\r\n",
                                "POST / HTTP/1.0\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n",
                                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                        rejections(
                                Violation.LENGTH_AND_ENCODING,
                                GET + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                                GET + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
                                GET
                                        + "Connection: Content-Length\r\nContent-Length: 5\r\n"
                                        + "Transfer-Encoding: chunked\r\n\r\n"),
                        rejections(
                                Violation.CONNECTION_OPTIONS,
                                GET + "Connection: " + "a,".repeat(65) + "\r\n\r\n",
                                GET + "Connection: a\r\n".repeat(65) + "\r\n",
                                GET + "Connection: " + "a,".repeat(64) + "X-Last\r\nX-Last: secret\r\n\r\n"),
                        rejections(
                                Violation.METHOD_NOT_SERVED,
                                "CONNECT web:443 HTTP/1.1\r\n" + HOST,
                                "CONNECT / HTTP/1.1\r\n" + HOST,
                                "CONNECT web:443 HTTP/1.0\r\n\r\n"))
                .flatMap(rejections -> rejections);
    }

    private static Stream<Arguments> rejections(Violation rule, String... heads) {
        return Stream.of(heads).map(text -> Arguments.of(rule, text));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void accepts(String text) {
        assertThat(parse(head, text)).isEqualTo(text.length());
        assertThat(parse(head, text + "GET / HTTP")).isEqualTo(text.length());
        assertThat(parse(head, text + "\0\n")).isEqualTo(text.length());
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void refuses(Violation rule, String text) {
        assertThat(parse(head, text)).isEqualTo(Fields.REJECTED);
        assertThat(head.violation()).isEqualTo(rule);
        if (text.length() < 2_000) {
            assertSplitsAgree(head, head::violation, text);
        }
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void aPieceOfAnAcceptedHeadIsIncomplete(String text) {
        if (text.length() < 2_000) {
            assertSplitsAgree(head, head::violation, text + "GET /next");
        }
    }

    @Test
    void everyByteIsJudgedInEveryPlace() {
        String token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (char c = 0; c < 256; c++) {
            boolean isToken = token.indexOf(c) >= 0;
            boolean isValue = c == '\t' || (c >= ' ' && c != 0x7f);
            boolean isTarget = c > ' ' && c < 0x7f && c != '#';

            assertThat(isAccepted("A" + c + "B / HTTP/1.1\r\n" + HOST))
                    .as("method %d", (int) c)
                    .isEqualTo(isToken);
            assertThat(isAccepted("GET /a" + c + "b HTTP/1.1\r\n" + HOST))
                    .as("target %d", (int) c)
                    .isEqualTo(isTarget);
            assertThat(isAccepted(GET + "A" + c + "B: c\r\n\r\n"))
                    .as("name %d", (int) c)
                    .isEqualTo(isToken || c == ':');
            for (int before = 0; before < 10; before++) {
                String value = "v".repeat(before) + c + "some words behind";
                assertThat(isAccepted(GET + "A: " + value + "\r\n\r\n"))
                        .as("value %d", (int) c)
                        .isEqualTo(isValue);
            }
        }
    }

    private boolean isAccepted(String text) {
        return parse(head, text) == text.length();
    }

    @Test
    void theRequestLineMayBeAsLongAsItsLimit() {
        RequestHead limited = new RequestHead().within(limits(64, 1_000, 10));
        String longest = "GET /" + "a".repeat(64 - 16) + " HTTP/1.1\r\n";
        assertThat(longest).hasSize(64);

        assertThat(parse(limited, longest + HOST)).isEqualTo(longest.length() + HOST.length());
        assertThat(parse(limited, "\r\n" + longest + HOST)).isEqualTo(2 + longest.length() + HOST.length());
        String tooLong = longest.replace("/a", "/aa");
        assertThat(parse(limited, tooLong + HOST)).isEqualTo(Fields.REJECTED);
        assertThat(limited.violation()).isEqualTo(Violation.REQUEST_LINE_LENGTH);
        assertSplitsAgree(limited, limited::violation, longest + HOST);
        assertSplitsAgree(limited, limited::violation, tooLong + HOST);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 1_000})
    void anEndlessLineIsRefusedAtItsLimit(int limit) {
        RequestHead limited = new RequestHead().within(limits(limit, 100_000, 10));
        for (String endless : List.of("G".repeat(limit), "G " + "/".repeat(Math.max(limit - 2, 0)))) {
            if (endless.length() == limit) {
                assertThat(parse(limited, endless.substring(0, limit - 1))).isEqualTo(Fields.INCOMPLETE);
                assertThat(parse(limited, endless)).isEqualTo(Fields.REJECTED);
                assertThat(limited.violation()).isEqualTo(Violation.REQUEST_LINE_LENGTH);
            }
        }
    }

    @Test
    void aLimitBeyondAllNumbersIsNone() {
        RequestHead limited = new RequestHead().within(limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));

        assertThat(parse(limited, "\r\n" + GET + "\r\n")).isEqualTo(2 + GET.length() + 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 128, 200})
    void asManyFieldsAsTheLimitAreAccepted(int limit) {
        RequestHead limited = new RequestHead().within(limits(100, 10_000, limit));
        String most = GET
                + IntStream.range(1, limit).mapToObj(i -> "N" + i + ": v\r\n").reduce("", String::concat);

        assertThat(parse(limited, most + "\r\n")).isEqualTo(most.length() + 2);
        assertThat(limited.fields().count()).isEqualTo(limit);
        assertThat(parse(limited, most + "One: more\r\n\r\n")).isEqualTo(Fields.REJECTED);
        assertThat(limited.violation()).isEqualTo(Violation.FIELD_COUNT);
    }

    private static ClientConfig limits(int requestLine, int headBytes, int fields) {
        return ClientConfig.DEFAULT
                .with()
                .requestTimeout(Duration.ZERO)
                .keepAliveTimeout(Duration.ZERO)
                .maxRequestLineBytes(requestLine)
                .maxHeadBytes(headBytes)
                .maxHeaderFields(fields)
                .forwardedFor(ForwardedFor.OFF)
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, GET, true", "HEAD, HEAD, true", "OPTIONS, OPTIONS, true", "TRACE, TRACE, true", "PUT, PUT, true",
        "DELETE, DELETE, true", "POST, POST, false", "PATCH, PATCH, false", "get, OTHER, false", "GETS, OTHER, false",
        "GE, OTHER, false", "PROPFIND, OTHER, false", "OTHER, OTHER, false"
    })
    void knowsTheMethod(String text, Method method, boolean idempotent) {
        RequestHead parsed = request(text + " / HTTP/1.1\r\n" + HOST);

        assertThat(parsed.knownMethod()).isEqualTo(method);
        assertThat(parsed.knownMethod().idempotent()).isEqualTo(idempotent);
        assertThat(parsed.method()).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "/, web, /",
        "/a/b?c/d?e, web, /a/b",
        "/?, web, /",
        "http://other, other, /",
        "http://other?a, other, /",
        "http://other:81/a?b, other:81, /a",
        "HTTPS://OTHER/, OTHER, /",
        "http://[::1]:80/x, [::1]:80, /x",
        "//other/a, web, //other/a"
    })
    void routesSeeTheAuthorityAndThePath(String target, String host, String path) {
        RequestHead parsed = request("GET " + target + " HTTP/1.1\r\n" + HOST);

        assertThat(parsed.host()).hasToString(host);
        assertThat(parsed.path()).hasToString(path);
        assertThat(parsed.path().length()).isEqualTo(path.length());
    }

    @ParameterizedTest
    @CsvSource({"web, web", "web:80, web", "[::1]:80, [::1]", "[::1], [::1]", "web:, web", "a.b.c:1, a.b.c"})
    void routesSeeTheHostNameWithoutItsPort(String host, String name) {
        CharSequence seen =
                request("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").host();

        assertThat(seen.subSequence(0, RequestView.endOfName(seen))).hasToString(name);
    }

    @Test
    void aRequestWithoutAHostHasAnEmptyOne() {
        RequestHead parsed = request("GET /a HTTP/1.0\r\n\r\n");

        assertThat(parsed.hasHost()).isFalse();
        assertThat(parsed.host()).isEmpty();
    }

    @Test
    void aRequestToTheServerAsAWholeHasAnAsteriskForAPath() {
        assertThat(request("OPTIONS * HTTP/1.1\r\n" + HOST).path()).hasToString("*");
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, A: b, true",
        "1.1, Connection: close, false",
        "1.1, Connection: CLOSE, false",
        "1.1, 'Connection: a, close', false",
        "1.1, 'Connection: keep-alive, close', false",
        "1.1, Connection: closed, true",
        "1.1, Connection: keep-alive, true",
        "1.1, Proxy-Connection: close, true",
        "1.0, A: b, false",
        "1.0, Connection: keep-alive, true",
        "1.0, Connection: Keep-Alive, true",
        "1.0, 'Connection: keep-alive, close', false",
        "1.0, Connection: close, false",
        "1.0, Proxy-Connection: keep-alive, false"
    })
    void knowsWhetherTheConnectionStays(String version, String field, boolean stays) {
        assertThat(request("GET / HTTP/" + version + "\r\nHost: web\r\n" + field + "\r\n\r\n")
                        .keepAlive())
                .isEqualTo(stays);
    }

    @Test
    void severalConnectionFieldsAreOneList() {
        RequestHead parsed = request(
                GET + "Connection: upgrade\r\nUpgrade: x\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n");

        assertThat(parsed.upgrade()).isTrue();
        assertThat(parsed.keepAlive()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.1|Connection: upgrade|Upgrade: websocket|true",
                "1.1|Connection: keep-alive, Upgrade|Upgrade: websocket|true",
                "1.1|Connection: upgrade|A: b|false",
                "1.1|A: b|Upgrade: websocket|false",
                "1.0|Connection: upgrade|Upgrade: websocket|false"
            })
    void anUpgradeNeedsBothFieldsAndTheVersion(String version, String first, String second, boolean upgrades) {
        String text = "GET / HTTP/" + version + "\r\nHost: web\r\n" + first + "\r\n" + second + "\r\n\r\n";

        assertThat(request(text).upgrade()).isEqualTo(upgrades);
    }

    @Test
    void knowsTheFramingOfTheBody() {
        assertThat(request(GET + "\r\n").contentLength()).isEqualTo(-1);
        assertThat(request(GET + "\r\n").chunked()).isFalse();
        assertThat(request(GET + "Content-Length: 0\r\n\r\n").contentLength()).isZero();
        assertThat(request(GET + "Content-Length: 0042\r\n\r\n").contentLength())
                .isEqualTo(42);
        assertThat(request(GET + "Content-Length: 999999999999999999\r\n\r\n").contentLength())
                .isEqualTo(999_999_999_999_999_999L);
        assertThat(request(GET + "Transfer-Encoding: chunked\r\n\r\n").chunked())
                .isTrue();
        assertThat(request(GET + "Transfer-Encoding: chunked\r\n\r\n").contentLength())
                .isEqualTo(-1);
    }

    @Test
    void nothingOfARequestIsLeftInTheNext() {
        assertThat(parse(
                        head,
                        "POST http://a/ HTTP/1.1\r\nHost: b\r\nConnection: close, upgrade, X\r\nUpgrade: y\r\n"
                                + "X: y\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"))
                .isPositive();
        assertThat(parse(head, "GET /q HTTP/1.0\r\nX: z\r\nConnection: keep-alive\r\n\r\n"))
                .isPositive();

        assertThat(head.contentLength()).isEqualTo(-1);
        assertThat(head.hasHost()).isFalse();
        assertThat(head.absoluteForm()).isFalse();
        assertThat(head.upgrade()).isFalse();
        assertThat(head.keepAlive()).isTrue();
        assertThat(head.violation()).isNull();
        HeadWriter out = new HeadWriter();
        head.fields().copyKept(out);
        assertThat(out).hasToString("X: z\r\n");
    }
}

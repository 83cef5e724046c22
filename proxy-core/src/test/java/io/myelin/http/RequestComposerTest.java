package io.myelin.http;

import static io.myelin.http.Heads.GET;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.http.ClientConfig.ForwardedFor;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestComposerTest {
    private static final InetSocketAddress LOCAL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: web\r\n\r\n",
                "get //a/%zz?b=\"c\" HTTP/1.1\r\nhost:\tweb:80  \r\nA:b\r\nA:   c\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: web\r\n\r\n",
                "POST /a HTTP/1.1\r\nHost: web\r\ncontent-length:  007\r\nExpect: 100-continue\r\n\r\n",
                "GET / HTTP/1.1\r\nA:\r\nHost: web\r\nB: \u00e4\tx\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: web\r\nCookie: a\r\nCookie: b\r\n\r\n"
            })
    void whatIsFineTravelsAsItIs(String text) {
        assertThat(compose(text, ForwardedFor.OFF)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "APPEND | 10.0.0.7 | Forwarded: for=6.6.6.6,Forwarded: for=10.0.0.7;proto=http",
                "APPEND | ::1 | Forwarded: for=6.6.6.6,Forwarded: for=\"[::1]\";proto=http",
                "APPEND | '' | Forwarded: for=6.6.6.6,Forwarded: for=unknown;proto=http",
                "REPLACE | 10.0.0.7 | ''",
                "OFF | 10.0.0.7 | Forwarded: for=6.6.6.6",
            })
    void whoAClientSaysItWasForwardedForIsNotTheLastWord(ForwardedFor forwarding, String peer, String expected) {
        String composed = compose(GET + "Forwarded: for=6.6.6.6\r\n\r\n", peer, forwarding);

        assertThat(composed.lines().filter(line -> line.startsWith("Forwarded")))
                .containsExactly(lines(expected));
        assertThat(compose(GET + "\r\n", peer, forwarding)).doesNotContain("\nForwarded:");
    }

    private static String[] lines(String text) {
        return text.isEmpty() ? new String[0] : text.split(",", -1);
    }

    @Test
    void theVersionIsOurs() {
        assertThat(compose("GET /a HTTP/1.0\r\nHost: web\r\n\r\n", ForwardedFor.OFF))
                .isEqualTo("GET /a HTTP/1.1\r\nHost: web\r\n\r\n");
    }

    @Test
    void emptyLinesBeforeTheRequestGoNoFurther() {
        assertThat(compose("\r\n\r\n" + GET + "\r\n", ForwardedFor.OFF)).isEqualTo(GET + "\r\n");
    }

    @Test
    void aRequestWithoutAHostNamesTheAddressThatItCameTo() {
        String text = "GET /a HTTP/1.0\r\nA: b\r\n\r\n";
        InetSocketAddress wide = new InetSocketAddress(NetUtil.LOCALHOST6, 81);

        assertThat(compose(text, ForwardedFor.OFF))
                .isEqualTo("GET /a HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nA: b\r\n\r\n");
        assertThat(compose(text, wide, ForwardedFor.OFF)).startsWith("GET /a HTTP/1.1\r\nHost: [::1]:81\r\n");
        assertThat(compose(text, ForwardedFor.APPEND)).doesNotContain("X-Forwarded-Host");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET http://other/a?b|GET /a?b|other",
                "GET http://other|GET /|other",
                "GET http://other:81?a|GET /?a|other:81",
                "GET HTTPS://OTHER/|GET /|OTHER",
                "OPTIONS http://other|OPTIONS *|other",
                "OPTIONS http://other/|OPTIONS /|other",
                "OPTIONS http://other?a|OPTIONS /?a|other"
            })
    void theAuthorityOfAnAbsoluteTargetReplacesTheHost(String received, String sent, String host) {
        assertThat(compose(received + " HTTP/1.1\r\nA: b\r\nHost: web\r\nC: d\r\n\r\n", ForwardedFor.OFF))
                .isEqualTo(sent + " HTTP/1.1\r\nHost: " + host + "\r\nA: b\r\nC: d\r\n\r\n");
    }

    @Test
    void whatConcernsThisConnectionGoesNoFurther() {
        assertThat(compose(
                        GET + "Connection: close, X-One\r\nx-one: 1\r\nKeep-Alive: 5\r\nA: b\r\nTE: trailers\r\n"
                                + "Trailer: X\r\nUpgrade: h2c\r\nProxy-Connection: close\r\nX-One: 2\r\n"
                                + "Connection: x-two\r\nX-Two: 3\r\nX-Three: 4\r\n\r\n",
                        ForwardedFor.OFF))
                .isEqualTo(GET + "A: b\r\nX-Three: 4\r\n\r\n");
    }

    @Test
    void whatTheMessageDependsOnCannotBeNominated() {
        assertThat(compose(
                        "POST / HTTP/1.1\r\nHost: web\r\nConnection: Host, content-length\r\nContent-Length: 5\r\n\r\n",
                        ForwardedFor.OFF))
                .isEqualTo("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 5\r\n\r\n");
        assertThat(compose(
                        GET + "Connection: Transfer-Encoding\r\ntransfer-encoding:  CHUNKED\r\n\r\n", ForwardedFor.OFF))
                .isEqualTo(GET + "Transfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    void anUpgradeIsAskedForInOurWords() {
        assertThat(compose(
                        GET + "connection: keep-alive, UPGRADE, X\r\nX: y\r\nupgrade: websocket\r\n\r\n",
                        ForwardedFor.OFF))
                .isEqualTo(GET + "upgrade: websocket\r\nConnection: upgrade\r\n\r\n");
        assertThat(compose(GET + "Connection: upgrade\r\n\r\n", ForwardedFor.OFF))
                .isEqualTo(GET + "\r\n");
    }

    @Test
    void tellsTheMemberWhoAsked() {
        assertThat(compose(GET + "A: b\r\n\r\n", ForwardedFor.APPEND))
                .isEqualTo(GET + "A: b\r\nX-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Host: web\r\n"
                        + "X-Forwarded-Proto: http\r\nX-Forwarded-Port: 8080\r\n\r\n");
        assertThat(compose(GET + "A: b\r\n\r\n", ForwardedFor.REPLACE))
                .isEqualTo(compose(GET + "A: b\r\n\r\n", ForwardedFor.APPEND));
    }

    @Test
    void addsTheClientToThoseWhoAskedBefore() {
        assertThat(compose(
                        GET + "X-Forwarded-For: 1.1.1.1,2.2.2.2\r\nX-Forwarded-Host: first\r\nA: b\r\n"
                                + "x-forwarded-for:\r\nx-forwarded-for: 3.3.3.3 \r\nX-Forwarded-Proto: https\r\n"
                                + "X-Forwarded-Port: 443\r\n\r\n",
                        ForwardedFor.APPEND))
                .isEqualTo(GET + "X-Forwarded-Host: first\r\nA: b\r\nX-Forwarded-Proto: https\r\n"
                        + "X-Forwarded-Port: 443\r\nX-Forwarded-For: 1.1.1.1,2.2.2.2, 3.3.3.3, 10.1.2.3\r\n\r\n");
    }

    @Test
    void replacesWhatTheClientClaims() {
        assertThat(compose(
                        GET
                                + "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Host: first\r\nA: b\r\nX-Forwarded-Proto: https\r\n"
                                + "X-Forwarded-Port: 443\r\nx-forwarded-for: 2.2.2.2\r\n\r\n",
                        ForwardedFor.REPLACE))
                .isEqualTo(GET + "A: b\r\nX-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Host: web\r\n"
                        + "X-Forwarded-Proto: http\r\nX-Forwarded-Port: 8080\r\n\r\n");
    }

    @Test
    void aClientCannotHideItselfByNominatingOurFields() {
        assertThat(compose(
                        GET + "Connection: X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Port\r\n"
                                + "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Host: a\r\nX-Forwarded-Proto: https\r\n"
                                + "X-Forwarded-Port: 1\r\n\r\n",
                        ForwardedFor.APPEND))
                .isEqualTo(GET + "X-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Host: web\r\n"
                        + "X-Forwarded-Proto: http\r\nX-Forwarded-Port: 8080\r\n\r\n");
    }

    @Test
    void anAbsoluteTargetIsWhatIsForwardedAsTheHost() {
        assertThat(compose("GET http://other/ HTTP/1.1\r\nHost: web\r\n\r\n", ForwardedFor.APPEND))
                .contains("\r\nX-Forwarded-Host: other\r\n")
                .doesNotContain("web");
    }

    @Test
    void aHeadOfManyKilobytesIsCopiedWhole() {
        String text = GET + "A: " + "b".repeat(60_000) + "\r\nB: c\r\n\r\n";

        assertThat(compose(text, ForwardedFor.OFF)).isEqualTo(text);
    }

    private static String compose(String text, ForwardedFor forwarding) {
        return compose(text, LOCAL, forwarding);
    }

    private static String compose(String text, InetSocketAddress local, ForwardedFor forwarding) {
        return compose(text, "10.1.2.3", local, forwarding);
    }

    private static String compose(String text, String peer, ForwardedFor forwarding) {
        return compose(text, peer, LOCAL, forwarding);
    }

    private static String compose(String text, String peer, InetSocketAddress local, ForwardedFor forwarding) {
        HeadWriter out = new HeadWriter();
        out.bytes(Heads.bytes("left over"));
        RequestComposer.compose(Heads.request(text), Heads.bytes(peer), local, forwarding, new HeadWriter(), out);
        return out.toString();
    }
}

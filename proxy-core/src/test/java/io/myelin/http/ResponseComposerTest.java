package io.myelin.http;

import static io.myelin.http.Heads.GET;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.http.BodyReader.Framing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseComposerTest {
    private static final String OLD = "GET / HTTP/1.0\r\n";
    private static final String OLD_STAYING = OLD + "Connection: keep-alive\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CLOSE = "Connection: close\r\n\r\n";

    private final ResponseComposer composer = new ResponseComposer();

    @Test
    void whatIsFineTravelsAsItIs() {
        String text = OK + "A:b\r\nB:  c \r\ncontent-length: 05\r\nC: \u00e4\r\n\r\n";

        assertThat(compose(GET, text, Framing.LENGTH)).isEqualTo(text);
        assertThat(composer.keepAlive()).isTrue();
        assertThat(composer.chunkFraming()).isFalse();
        assertThat(composer.encodesChunks()).isFalse();
        assertThat(composer.endsWithConnection()).isFalse();
    }

    @Test
    void whatConcernsTheMembersConnectionGoesNoFurther() {
        assertThat(compose(
                        GET,
                        "HTTP/1.0 200 Fine\r\nConnection: X, keep-alive\r\nX: y\r\nA: b\r\nKeep-Alive: 5\r\n"
                                + "Trailer: Z\r\nUpgrade: h2c\r\nProxy-Connection: close\r\nContent-Length: 5\r\n\r\n",
                        Framing.LENGTH))
                .isEqualTo("HTTP/1.1 200 Fine\r\nA: b\r\nContent-Length: 5\r\n\r\n");
        assertThat(compose(GET, OK + "Connection: content-length, close\r\nContent-Length: 5\r\n\r\n", Framing.LENGTH))
                .isEqualTo(OK + "Content-Length: 5\r\n\r\n");
    }

    @Test
    void chunksAreAnnouncedInOurWords() {
        assertThat(compose(GET, OK + "transfer-encoding:\tCHUNKED\r\nA: b\r\n\r\n", Framing.CHUNKED))
                .isEqualTo(OK + "A: b\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(composer.chunkFraming()).isTrue();
        assertThat(composer.encodesChunks()).isFalse();
    }

    @Test
    void aBodyWithoutAnEndIsSentInChunks() {
        assertThat(compose(GET, "HTTP/1.0 200 OK\r\nA: b\r\n\r\n", Framing.UNTIL_CLOSE))
                .isEqualTo(OK + "A: b\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(composer.encodesChunks()).isTrue();
        assertThat(composer.keepAlive()).isTrue();
        assertThat(composer.endsWithConnection()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"CHUNKED, Transfer-Encoding: chunked", "UNTIL_CLOSE, A: b"})
    void anOldClientTakesTheEndOfTheConnectionForTheEnd(Framing framing, String field) {
        String sent = compose(OLD_STAYING, OK + field + "\r\n\r\n", framing);

        assertThat(sent).endsWith("Connection: close\r\n\r\n").doesNotContain("chunked");
        assertThat(composer.endsWithConnection()).isTrue();
        assertThat(composer.keepAlive()).isFalse();
        assertThat(composer.chunkFraming()).isFalse();
        assertThat(composer.encodesChunks()).isFalse();
    }

    @Test
    void anOldClientIsToldThatTheConnectionStays() {
        assertThat(compose(OLD_STAYING, OK + "Content-Length: 0\r\n\r\n", Framing.LENGTH))
                .isEqualTo(OK + "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n");
        assertThat(compose(OLD, OK + "Content-Length: 0\r\n\r\n", Framing.LENGTH))
                .isEqualTo(OK + "Content-Length: 0\r\n" + CLOSE);
    }

    @Test
    void theConnectionEndsWhenEitherSideWantsIt() {
        String text = OK + "Content-Length: 0\r\n\r\n";

        assertThat(compose(GET + "Connection: close\r\n", text, Framing.LENGTH)).endsWith(CLOSE);
        assertThat(compose(GET, text, Framing.LENGTH, false)).endsWith(CLOSE);
        assertThat(composer.keepAlive()).isFalse();
        assertThat(compose(GET, text, Framing.LENGTH, true)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 5, Content-Length: 5", "Transfer-Encoding: chunked, Transfer-Encoding: chunked"})
    void theResponseToHeadSaysWhatGetWouldHaveSaid(String received, String sent) {
        String head = "HEAD / HTTP/1.1\r\nHost: web\r\n";

        assertThat(compose(head, OK + received + "\r\n\r\n", Framing.NONE)).isEqualTo(OK + sent + "\r\n\r\n");
        assertThat(compose("HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n", OK + received + "\r\n\r\n", Framing.NONE))
                .endsWith("Connection: keep-alive\r\n\r\n")
                .doesNotContain("chunked");
        assertThat(composer.headRequest()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "204, Content-Length: 5, ''",
        "204, Transfer-Encoding: chunked, ''",
        "304, Content-Length: 5, Content-Length: 5",
        "304, Transfer-Encoding: chunked, ''"
    })
    void aStatusWithoutABodyHasNoFraming(int status, String received, String sent) {
        String line = "HTTP/1.1 " + status + " x\r\n";

        assertThat(compose(GET, line + received + "\r\n\r\n", Framing.NONE))
                .isEqualTo(line + (sent.isEmpty() ? "" : sent + "\r\n") + "\r\n");
    }

    @Test
    void aChangeOfProtocolIsPassedOn() {
        assertThat(compose(
                        GET + "Connection: upgrade\r\nUpgrade: x\r\n",
                        "HTTP/1.1 101 Switching\r\nupgrade: x\r\nConnection: Upgrade, Y\r\nY: z\r\nContent-Length: 0\r\n\r\n",
                        Framing.UNTIL_CLOSE))
                .isEqualTo("HTTP/1.1 101 Switching\r\nupgrade: x\r\nConnection: upgrade\r\n\r\n");
        assertThat(composer.endsWithConnection()).isTrue();
        assertThat(composer.keepAlive()).isFalse();
        assertThat(composer.encodesChunks()).isFalse();
    }

    @Test
    void anInterimResponseHasNoFraming() {
        HeadWriter out = new HeadWriter();
        out.bytes(Heads.bytes("left over"));
        ResponseComposer.composeInterim(
                Heads.response(
                        "HTTP/1.1 103 Early Hints\r\nLink: a\r\nContent-Length: 5\r\nConnection: X\r\nX: y\r\n\r\n"),
                out);

        assertThat(out).hasToString("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
    }

    @Test
    void nothingOfAResponseIsLeftInTheNext() {
        compose("HEAD / HTTP/1.0\r\n", OK + "\r\n", Framing.UNTIL_CLOSE);
        compose(GET, OK + "Content-Length: 0\r\n\r\n", Framing.LENGTH);

        assertThat(composer.headRequest()).isFalse();
        assertThat(composer.versionOne()).isTrue();
        assertThat(composer.keepAlive()).isTrue();
        assertThat(composer.endsWithConnection()).isFalse();
    }

    private String compose(String request, String response, Framing framing) {
        return compose(request, response, framing, true);
    }

    private String compose(String request, String response, Framing framing, boolean mayKeepAlive) {
        HeadWriter out = new HeadWriter();
        out.bytes(Heads.bytes("left over"));
        composer.begin(Heads.request(request + "\r\n"));
        composer.compose(Heads.response(response), framing, mayKeepAlive, new HeadWriter(), out);
        return out.toString();
    }
}

package io.myelin.httpd;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.myelin.testing.FakeClock;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.FullHttpRequest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** What becomes of connections that fail. */
class AnswerHandlerTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(AnswerHandler.class);

    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new AnswerHandler(new NoAnswers(), new LongAnswers(1), () -> false, new FakeClock()));

    @BeforeEach
    void listen() {
        said.start();
        LOG.addAppender(said);
    }

    @AfterEach
    void close() {
        LOG.detachAppender(said);
        channel.close();
    }

    static Stream<Exception> clients() {
        return Stream.of(
                new DecoderException(new SSLHandshakeException("not an SSL/TLS record")),
                new IOException("reset by peer"));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void whatAClientDoesIsNoError(Exception cause) {
        channel.pipeline().fireExceptionCaught(cause);

        assertThat(channel.isOpen()).isFalse();
        assertThat(said.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.INFO));
    }

    @Test
    void aDefectIsAnError() {
        channel.pipeline().fireExceptionCaught(new IllegalStateException("as the test says"));

        assertThat(channel.isOpen()).isFalse();
        assertThat(said.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR);
    }

    /** Is never asked. */
    private static final class NoAnswers implements Answers {
        @Override
        public CompletionStage<Answer> answer(FullHttpRequest request, Ends ends) {
            return CompletableFuture.failedFuture(new IllegalStateException("asked"));
        }

        @Override
        public Answer error(int status, String message, String target) {
            return new Answer(status, "text/plain", Body.of(message), Map.of());
        }
    }
}

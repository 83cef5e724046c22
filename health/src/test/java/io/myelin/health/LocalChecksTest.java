package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.Expectation.Kind;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.health.LocalVerdict.Part;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@NullMarked
class LocalChecksTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nall fine";
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Checker checker = new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM);
    private final BlockingQueue<LocalVerdict> rounds = new LinkedBlockingQueue<>();
    private final List<LocalChecks> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(LocalChecks::close);
        checker.close();
    }

    @Test
    void passesWithoutAnyCheck() throws InterruptedException {
        assertThat(first()).isEqualTo(new LocalVerdict(true, List.of()));
    }

    @Test
    void asksNothingOfWhatIsNotToBeAsked() throws InterruptedException {
        assertThat(first(check(new Question.Nothing(), 1)).passing()).isTrue();
    }

    @Test
    void allChecksMustPassAndEachIsReported() throws IOException, InterruptedException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.answering(OK));
                Socket deaf = new Socket()) {
            // It has its port, so that nobody else does, and does not listen there.
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            LocalVerdict verdict = first(
                    check(new Question.Tcp(), server.port()),
                    check(new Question.Tcp(), deaf.getLocalPort()),
                    check(http(Expectation.SUCCESS), server.port()));

            assertThat(verdict.passing()).isFalse();
            assertThat(verdict.checks()).extracting(Part::passing).containsExactly(true, false, true);
            assertThat(verdict.checks().get(1).reason()).isEqualTo("connect refused");
            assertThat(verdict.checks().get(2).reason()).startsWith("http 200");
        }
    }

    @Test
    void anExpectedTextMustComeWithAGoodStatus() throws IOException, InterruptedException {
        Question asksForFine = http(new Expectation(Kind.SUCCESS_AND_BODY_CONTAINS, false, "fine"));
        Question asksForMore = http(new Expectation(Kind.SUCCESS_AND_BODY_CONTAINS, false, "more"));
        try (ScriptedServer well = new ScriptedServer(ScriptedServer.answering(OK));
                ScriptedServer ill = new ScriptedServer(ScriptedServer.answering(OK.replace("200 OK", "500 Oh")))) {
            LocalVerdict verdict = first(
                    check(asksForFine, well.port()), check(asksForFine, ill.port()), check(asksForMore, well.port()));

            assertThat(verdict.checks()).extracting(Part::passing).containsExactly(true, false, false);
            assertThat(verdict.checks()).extracting(Part::reason).satisfies(reasons -> {
                assertThat(reasons.get(1)).startsWith("http 500");
                assertThat(reasons.get(2)).isEqualTo("http 200, body lacks \"more\"");
            });
        }
    }

    @Test
    void aSilentServerFailsInTime() throws IOException, InterruptedException {
        try (ScriptedServer silent = new ScriptedServer(client -> {})) {
            LocalCheck impatient = new LocalCheck(
                    "silent",
                    http(Expectation.SUCCESS),
                    "127.0.0.1",
                    silent.port(),
                    PATIENCE,
                    Duration.ofMillis(20),
                    1,
                    1);

            assertThat(first(impatient).checks().get(0).reason()).startsWith("timeout after 20 ms");
        }
    }

    @Test
    void aTlsCheckOfAServerWithoutTlsFails() throws IOException, InterruptedException {
        try (ScriptedServer plain = new ScriptedServer(client -> {
            ScriptedServer.send(client, "not TLS\r\n");
            client.close();
        })) {
            LocalVerdict verdict = first(check(https(Expectation.SUCCESS, PATIENCE), plain.port()));

            assertThat(verdict.passing()).isFalse();
            assertThat(verdict.checks().get(0).reason()).startsWith("TLS handshake failed: ");
        }
    }

    @Test
    void aTlsCheckPassesOrFailsByTheAnswerOfAServerOfWhateverCertificate() throws IOException, InterruptedException {
        try (ScriptedServer well = ScriptedServer.overTls(ScriptedServer.answering(OK));
                ScriptedServer ill = ScriptedServer.overTls(ScriptedServer.answering(OK.replace("200 OK", "503 No")))) {
            Expectation fine = new Expectation(Kind.SUCCESS_AND_BODY_CONTAINS, false, "fine");
            LocalVerdict verdict =
                    first(check(https(fine, PATIENCE), well.port()), check(https(fine, PATIENCE), ill.port()));

            assertThat(verdict.checks()).extracting(Part::passing).containsExactly(true, false);
            assertThat(verdict.checks().get(0).reason()).startsWith("http 200");
            assertThat(verdict.checks().get(1).reason()).startsWith("http 503");
        }
    }

    @Test
    void aHandshakeHasATimeOfItsOwnAndTheAnswerTheOtherAfterIt() throws IOException, InterruptedException {
        Duration brief = Duration.ofMillis(20);
        try (ScriptedServer silent = new ScriptedServer(client -> {});
                ScriptedServer mute = ScriptedServer.overTls(ScriptedServer::readRequest)) {
            LocalVerdict verdict = first(
                    check(https(Expectation.SUCCESS, brief), silent.port()),
                    new LocalCheck(
                            "mute",
                            https(Expectation.SUCCESS, PATIENCE),
                            "127.0.0.1",
                            mute.port(),
                            PATIENCE,
                            brief,
                            1,
                            1));

            assertThat(verdict.checks()).extracting(Part::reason).satisfies(reasons -> {
                assertThat(reasons.get(0)).startsWith("timeout after 20 ms (TLS handshake)");
                assertThat(reasons.get(1)).startsWith("timeout after 20 ms (status line)");
            });
        }
    }

    @Test
    void theFirstResultDecidesAndOthersTakeRiseAndFall() throws IOException, InterruptedException {
        AtomicReference<String> answer = new AtomicReference<>(OK);
        try (ScriptedServer server = new ScriptedServer(
                client -> ScriptedServer.answering(String.valueOf(answer.get())).serve(client))) {
            start(new LocalCheck(
                    "web", http(Expectation.SUCCESS), "127.0.0.1", server.port(), PATIENCE, PATIENCE, 2, 3));
            assertThat(next().passing()).isTrue();
            answer.set(OK.replace("200 OK", "503 No"));
            int passed = 0;
            LocalVerdict verdict = next();
            while (verdict.passing()) {
                passed += verdict.checks().get(0).reason().startsWith("http 503") ? 1 : 0;
                verdict = next();
            }
            assertThat(passed).isEqualTo(2);
            answer.set(OK);
            int failed = 0;
            while (!verdict.passing()) {
                verdict = next();
                failed += !verdict.passing() && verdict.checks().get(0).reason().startsWith("http 200") ? 1 : 0;
            }
            assertThat(failed).isEqualTo(1);
        }
    }

    @Test
    void nothingIsToldOnceClosed() throws InterruptedException {
        LocalChecks checks = start();
        next();
        checks.close();
        CountingSink sink = new CountingSink();
        LocalChecks other = checker.local("other", List.of(), PAUSE, sink);
        other.start();
        assertThat(sink.rounds.poll(10, TimeUnit.SECONDS)).isNotNull();
        int before = rounds.size();
        assertThat(sink.rounds.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(rounds).hasSize(before);
        other.close();
    }

    @Test
    void aCheckThatCannotBeAskedIsRefused() {
        assertThatThrownBy(() -> new LocalCheck("x", new Question.Tcp(), "h", 0, PATIENCE, PATIENCE, 1, 1))
                .hasMessage("port: 0 (expected: 1..65535)");
        assertThatThrownBy(() -> new LocalCheck("x", new Question.Tcp(), "h", 1, PATIENCE, PATIENCE, 0, 1))
                .hasMessage("rise: 0, fall: 1 (expected: >= 1)");
        assertThatThrownBy(() -> new LocalCheck("x", new Question.Tcp(), "h", 1, PATIENCE, Duration.ZERO, 1, 1))
                .hasMessage("timeout: PT5S, PT0S (expected: more than 0)");
    }

    /** Remembers rounds. */
    private static final class CountingSink implements LocalVerdictSink {
        private final BlockingQueue<LocalVerdict> rounds = new LinkedBlockingQueue<>();

        @Override
        public void onRound(LocalVerdict verdict) {
            rounds.add(verdict);
        }
    }

    private LocalVerdict first(LocalCheck... checks) throws InterruptedException {
        start(checks);
        return next();
    }

    private LocalChecks start(LocalCheck... checks) {
        LocalChecks running = checker.local("web", List.of(checks), PAUSE, rounds::add);
        started.add(running);
        running.start();
        return running;
    }

    private LocalVerdict next() throws InterruptedException {
        LocalVerdict verdict = rounds.poll(10, TimeUnit.SECONDS);
        if (verdict == null) {
            throw new AssertionError("no round of checks within 10 s");
        }
        return verdict;
    }

    private static LocalCheck check(Question question, int port) {
        return new LocalCheck("check-" + port, question, "127.0.0.1", port, PATIENCE, PATIENCE, 1, 1);
    }

    private static Question http(Expectation expectation) {
        return new Question.Http(request(expectation));
    }

    private static Question https(Expectation expectation, Duration handshakeTimeout) {
        return new Question.Http(request(expectation), handshakeTimeout);
    }

    private static HttpCheck request(Expectation expectation) {
        return new HttpCheck("GET", "/health", "HTTP/1.1", List.of(), expectation);
    }
}

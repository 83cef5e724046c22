package io.myelin.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.ErrorWatch.Level;
import io.myelin.model.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorWatchTest {
    private static final int LIMIT = 4;

    private final Member member = new Member(Endpoint.of("a", "10.0.0.1", 80), 1, 3);
    private final List<String> alarms = new ArrayList<>();

    @Test
    void errorsInARowAddUpOverTheLoops() {
        ErrorWatch watch = watch(Level.ANSWERS);

        watch.onAnswer(0, 500);
        watch.onAnswer(2, 503);
        watch.onAnswerFailed(1, "upstream_closed");
        assertThat(alarms).isEmpty();
        watch.onConnectFailed(2, "connect_failed");

        assertThat(alarms).containsExactly("a 4 connect_failed");
    }

    @ParameterizedTest
    @CsvSource({"RESPONSES_2XX", "RESPONSES_3XX", "RESPONSES_4XX"})
    void anAnswerOnAnyLoopEndsTheRow(MemberCounter answer) {
        ErrorWatch watch = watch(Level.ANSWERS);
        errors(watch, 0, LIMIT - 1);

        member.load(1).counters().increment(answer);
        errors(watch, 0, 1);
        errors(watch, 2, LIMIT - 2);
        assertThat(alarms).isEmpty();
        errors(watch, 1, 1);

        assertThat(alarms).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"501", "505", "101"})
    void anErrorThatClientsBringAboutAndAnUpgradeAreAnswers(int status) {
        ErrorWatch watch = watch(Level.ANSWERS);
        errors(watch, 0, LIMIT - 1);

        watch.onAnswer(1, status);
        errors(watch, 0, LIMIT - 1);

        assertThat(alarms).isEmpty();
    }

    @Test
    void aTunnelThatStandsEndsTheRowAsAnAnswerDoes() {
        ErrorWatch watch = watch(Level.ANSWERS);
        connectFailures(watch, LIMIT - 1);

        watch.onTunnel(2);
        connectFailures(watch, LIMIT - 1);

        assertThat(alarms).isEmpty();
    }

    @Test
    void whoWatchesConnectionsDoesNotHeedAnswers() {
        ErrorWatch watch = watch(Level.CONNECTIONS);

        errors(watch, 0, LIMIT);
        watch.onAnswerFailed(0, "response_timeout");
        assertThat(alarms).isEmpty();

        connectFailures(watch, LIMIT - 1);
        member.load(1).counters().increment(MemberCounter.CONNECTIONS);
        connectFailures(watch, LIMIT - 1);
        assertThat(alarms).isEmpty();
        connectFailures(watch, 1);
        assertThat(alarms).containsExactly("a 4 connect_timeout");
    }

    @Test
    void aRowIsToldOnceByEachLoopUntilAnotherBegins() {
        ErrorWatch watch = watch(Level.ANSWERS);

        errors(watch, 0, 5 * LIMIT);
        assertThat(alarms).hasSize(1);

        watch.startOver();
        errors(watch, 0, LIMIT - 1);
        assertThat(alarms).hasSize(1);
        errors(watch, 1, 1);
        assertThat(alarms).hasSize(2);
    }

    private ErrorWatch watch(Level level) {
        return new ErrorWatch(member, level, LIMIT, 3, (of, errors, last) -> {
            assertThat(of).isSameAs(member);
            alarms.add(of.endpoint().name() + " " + errors + " " + last);
        });
    }

    private static void errors(ErrorWatch watch, int loop, int count) {
        for (int i = 0; i < count; i++) {
            watch.onAnswer(loop, 500);
        }
    }

    private static void connectFailures(ErrorWatch watch, int count) {
        for (int i = 0; i < count; i++) {
            watch.onConnectFailed(0, "connect_timeout");
        }
    }
}

package io.myelin.benchmarks.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.benchmarks.conformance.Answers.Ending;
import io.myelin.benchmarks.conformance.Refusal.Leeway;
import io.myelin.benchmarks.conformance.Transcript.End;
import io.myelin.benchmarks.conformance.Verdict.Grade;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: web\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BAD = "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n";
    private static final Check REFUSED = new Refusal("400", Leeway.NONE);

    @Test
    void aRefusalIsAnAnswerAndTheEnd() {
        assertThat(REFUSED.of(closed(BAD)).grade()).isEqualTo(Grade.PASS);
        assertThat(REFUSED.of(closed("")).grade()).isEqualTo(Grade.DIFFERS);
        assertThat(REFUSED.of(open(BAD)).grade()).isEqualTo(Grade.DIFFERS);
        assertThat(REFUSED.of(closed(BAD.replace("400", "501"))).grade()).isEqualTo(Grade.DIFFERS);
        assertThat(REFUSED.of(open("")).grade()).isEqualTo(Grade.FAIL);
        assertThat(REFUSED.of(closed(OK)).grade()).isEqualTo(Grade.FAIL);
        assertThat(REFUSED.of(closed(BAD, GET)).grade()).isEqualTo(Grade.FAIL);
    }

    @Test
    void whatIsRepairedMustHaveOneMeaning() {
        Check repairable = new Refusal("400", Leeway.REPAIR);

        assertThat(repairable.of(open(OK, GET)).grade()).isEqualTo(Grade.DIFFERS);
        assertThat(repairable.of(open(OK, GET.replace("Host", "Host "))).grade())
                .isEqualTo(Grade.FAIL);
        assertThat(repairable.of(open(OK, GET + GET)).grade()).isEqualTo(Grade.FAIL);
        assertThat(new Refusal("400", Leeway.REPAIR_AND_CLOSE)
                        .of(open(OK + OK, GET + GET))
                        .grade())
                .isEqualTo(Grade.FAIL);
        assertThat(new Refusal("400", Leeway.TOLERATE)
                        .of(open(OK, GET.replace("Host", "Host ")))
                        .grade())
                .isEqualTo(Grade.DIFFERS);
    }

    @Test
    void answersAreComparedInOrder() {
        Check answers = new Answers(List.of("103?", "200"), Ending.CLOSED, "501");

        assertThat(answers.of(closed(OK)).grade()).isEqualTo(Grade.PASS);
        assertThat(answers.of(closed("HTTP/1.1 103 Hints\r\n\r\n" + OK)).grade())
                .isEqualTo(Grade.PASS);
        assertThat(answers.of(open(OK)).grade()).isEqualTo(Grade.FAIL);
        assertThat(answers.of(closed(OK + OK)).grade()).isEqualTo(Grade.FAIL);
        assertThat(answers.of(closed(OK + "x")).grade()).isEqualTo(Grade.FAIL);
        assertThat(answers.of(closed(BAD)).grade()).isEqualTo(Grade.FAIL);
        assertThat(answers.of(closed(BAD.replace("400", "501"))).grade()).isEqualTo(Grade.DIFFERS);
    }

    @Test
    void aCutResponseIsNotAWholeOne() {
        Check cut = new Answers(List.of("200"), Ending.CUT, "");

        assertThat(cut.of(closed(OK.substring(0, OK.length() - 1))).grade()).isEqualTo(Grade.PASS);
        assertThat(cut.of(closed(OK)).grade()).isEqualTo(Grade.FAIL);
        assertThat(cut.of(open(OK.substring(0, OK.length() - 1))).grade()).isEqualTo(Grade.FAIL);
    }

    @Test
    void aRequestIsComparedByMeaningOrByBytes() {
        String upper = GET.replace("Host", "HOST").replace("\r\n\r\n", "\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n");

        assertThat(new MemberSaw(1, GET, true).of(open(OK, GET)).grade()).isEqualTo(Grade.PASS);
        assertThat(new MemberSaw(1, GET, true).of(open(OK, upper)).grade()).isEqualTo(Grade.DIFFERS);
        assertThat(new MemberSaw(1, GET, false).of(open(OK, upper)).grade()).isEqualTo(Grade.PASS);
        assertThat(new MemberSaw(1, GET, false)
                        .of(open(OK, GET.replace("/a", "/b")))
                        .grade())
                .isEqualTo(Grade.FAIL);
        assertThat(new MemberSaw(1, GET, false)
                        .of(open(OK, GET.replace("web", "other")))
                        .grade())
                .isEqualTo(Grade.FAIL);
        assertThat(new MemberSaw(2, GET, false).of(open(OK, GET)).grade()).isEqualTo(Grade.FAIL);
    }

    @Test
    void aResponseThatAnswersNothingIsUnsafe() {
        String injected = "HTTP/1.1 200 OK\r\nX-Injected: 1\r\nContent-Length: 0\r\n\r\n";

        assertThat(new Safety().of(open(OK, GET)).grade()).isEqualTo(Grade.PASS);
        assertThat(new Safety().of(open(OK + injected, GET)).grade()).isEqualTo(Grade.UNSAFE);
        assertThat(new Safety()
                        .of(open(OK, GET + GET.replace("/a", "/smuggled")))
                        .grade())
                .isEqualTo(Grade.UNSAFE);
    }

    private static Observation open(String received, String... streams) {
        return new Observation(GET, received, End.NONE, true, List.of(streams));
    }

    private static Observation closed(String received, String... streams) {
        return new Observation(GET, received, End.ORDERLY, false, List.of(streams));
    }
}

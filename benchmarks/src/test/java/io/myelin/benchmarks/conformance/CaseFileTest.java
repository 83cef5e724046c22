package io.myelin.benchmarks.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.benchmarks.conformance.Act.Kind;
import io.myelin.benchmarks.conformance.Reply.Trigger;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaseFileTest {
    @Test
    void aCaseIsMadeForEachValue() {
        CaseFile file = CaseFile.parse("""
                # Title
                ; a remark
                after each case
                > last

                ## named {}
                > GET {} HTTP/1.1
                client pauses
                > a\\x00b\\
                = 200
                with /a
                with
                ## unnamed
                > {:3}
                = any
                with 204 No
                """);

        assertThat(file.title()).isEqualTo("Title");
        assertThat(file.cases())
                .extracting(ConformanceCase::name)
                .containsExactly("named /a", "named ", "unnamed: 204 No");
        assertThat(file.cases().get(0).client())
                .containsExactly(
                        new Act(Kind.SEND, "GET /a HTTP/1.1\r\n", 0),
                        Act.of(Kind.PAUSE),
                        new Act(Kind.SEND, "a\0blast\r\n", 0));
        assertThat(file.cases().get(2).sent()).isEqualTo("204\r\nlast\r\n");
    }

    @Test
    void theMemberActsInParts() {
        ConformanceCase one = CaseFile.parse("""
                # Title
                ## name
                member on head
                < HTTP/1.1 100 Continue
                <
                member on request
                member in pieces of 3
                < HTTP/1.1 200 OK
                <
                member closes
                member then
                < other
                = 200
                """).cases().get(0);

        assertThat(one.replies()).hasSize(2);
        List<Reply.Part> parts = one.replies().get(0).parts();
        assertThat(parts).extracting(Reply.Part::trigger).containsExactly(Trigger.HEAD, Trigger.REQUEST);
        assertThat(parts.get(0).acts()).containsExactly(new Act(Kind.SEND, "HTTP/1.1 100 Continue\r\n\r\n", 0));
        assertThat(parts.get(1).acts())
                .containsExactly(new Act(Kind.SEND, "HTTP/1.1 200 OK\r\n\r\n", 3), Act.of(Kind.CLOSE));
    }

    @Test
    void expectationsAreRead() {
        ConformanceCase one = CaseFile.parse("""
                # Title
                ## name
                = refused 400, or repaired and closed
                = should 100? 200|201 closed, or 400
                = member saw exactly
                | GET / HTTP/1.1
                |
                = client lacks a\\r\\nb
                """).cases().get(0);

        assertThat(one.checks())
                .containsExactly(
                        new Refusal("400", Refusal.Leeway.REPAIR_AND_CLOSE),
                        new Should(new Answers(List.of("100?", "200|201"), Answers.Ending.CLOSED, "400")),
                        new MemberSaw(1, "GET / HTTP/1.1\r\n\r\n", true),
                        new Mention(Mention.Side.CLIENT, false, "a\r\nb"),
                        new Safety());
    }

    @Test
    void aLineThatCannotBeUnderstoodIsNamed() {
        assertThatThrownBy(() -> CaseFile.parse("# Title\n## name\nclient sings\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Title: name: client sings");
    }

    @Test
    void escapesStandForBytes() {
        assertThat(Escapes.decode("a\\r\\n\\t\\s\\0\\\\\\xfe\\{ab\\r*3}{}"))
                .isEqualTo("a\r\n\t \0\\\u00feab\rab\rab\r{}");
        assertThat(Escapes.encode("a\r\n\t \\\u00fe")).isEqualTo("a\\r\\n\\t \\\\\\xfe");
    }
}

package io.myelin.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.route.Condition.All;
import io.myelin.route.Condition.Any;
import io.myelin.route.Condition.Not;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    private static final Condition NEVER = new Not(Condition.ALWAYS);

    @ParameterizedTest
    @CsvSource({
        "svc.lb, svc.lb, true",
        "SVC.LB, svc.lb, true",
        "svc.lb:8081, svc.lb, true",
        "a.svc.lb.example.com, svc.lb, true",
        "a.svc.lb, svc.lb, true",
        "svc.lbx.svc.lb, svc.lb, true",
        "xsvc.lb, svc.lb, false",
        "svc.lbx, svc.lb, false",
        "svc.l, svc.lb, false",
        "svc-lb, svc.lb, false",
        "'', svc.lb, false",
        "www.example.com, .example.com, true",
        "example.com, .example.com., true",
        "wwwexample.com, .example.com, false",
    })
    void domainsMatchWholeParts(String host, String text, boolean holds) {
        Condition condition = new Text(Part.HOST, Match.DOMAIN, true, List.of(text));

        assertThat(condition.holds(TestRequest.toHost(host))).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        "/a, /a, true",
        "/a/, /a, true",
        "/a/b, /a, true",
        "/ab, /a, false",
        "/, /a, false",
        "/a, /a/, false",
        "/a/b, /a/, true",
        "/anything, /, true",
    })
    void segmentsMatchWholeSteps(String path, String text, boolean holds) {
        Condition condition = new Text(Part.PATH, Match.SEGMENTS, false, List.of(text));

        assertThat(condition.holds(TestRequest.toPath(path))).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        "EXACT, /abc, true",
        "EXACT, /ab, false",
        "EXACT, /abcd, false",
        "EXACT, /ABC, false",
        "BEGINS, /ab, true",
        "BEGINS, bc, false",
        "BEGINS, /abcd, false",
        "ENDS, bc, true",
        "ENDS, /ab, false",
        "ENDS, x/abc, false",
        "CONTAINS, b, true",
        "CONTAINS, /abc, true",
        "CONTAINS, ac, false",
        "CONTAINS, '', true",
    })
    void plainMatchesCompareWhereTheyAreNamedFor(Match match, String text, boolean holds) {
        Condition condition = new Text(Part.PATH, match, false, List.of(text));

        assertThat(condition.holds(TestRequest.toPath("/abc"))).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({"EXACT, /ABC", "BEGINS, /A", "ENDS, C", "CONTAINS, B", "SEGMENTS, /ABC", "DOMAIN, ABC"})
    void everyMatchCanIgnoreCase(Match match, String text) {
        assertThat(new Text(Part.PATH, match, true, List.of(text)).holds(TestRequest.toPath("/abc")))
                .isTrue();
        assertThat(new Text(Part.PATH, match, false, List.of(text)).holds(TestRequest.toPath("/abc")))
                .isFalse();
    }

    @Test
    void ignoringCaseFoldsLettersOnly() {
        assertThat(new Text(Part.PATH, Match.EXACT, true, List.of("/[a")).holds(TestRequest.toPath("/{A")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "example.com:8080, example.com",
        "10.0.0.1:80, 10.0.0.1",
        "[::1], [::1]",
        "[::1]:8080, [::1]",
        "example.com:, example.com",
    })
    void aHostNameHasNoPort(String host, String name) {
        CharSequence text = Part.HOST_NAME.of(TestRequest.toHost(host));

        assertThat(text.subSequence(0, Part.HOST_NAME.end(text)).toString()).isEqualTo(name);
    }

    @Test
    void anyOfSeveralTextsIsEnough() {
        Condition condition = new Text(Part.METHOD, Match.EXACT, false, List.of("PUT", "GET"));

        assertThat(condition.holds(TestRequest.toPath("/"))).isTrue();
        assertThat(condition.holds(new TestRequest("", "/", "POST"))).isFalse();
    }

    @Test
    void conditionsCombine() {
        TestRequest request = TestRequest.toPath("/");

        assertThat(new All(List.of(Condition.ALWAYS, NEVER)).holds(request)).isFalse();
        assertThat(new All(List.of(Condition.ALWAYS, Condition.ALWAYS)).holds(request))
                .isTrue();
        assertThat(new All(List.of()).holds(request)).isTrue();
        assertThat(new Any(List.of(NEVER, Condition.ALWAYS)).holds(request)).isTrue();
        assertThat(new Any(List.of(NEVER, NEVER)).holds(request)).isFalse();
        assertThat(new Any(List.of()).holds(request)).isFalse();
        assertThat(new Not(NEVER).holds(request)).isTrue();
    }
}

package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.http.StickyScene.Passed;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyConfig.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the cookie of a request names, and what of it members see; compared with HAProxy 2.6 case by case. */
class StickyRequestTest {
    private static final StickyConfig INSERT = StickyConfig.inserted("SRV");

    private final StickyScene scene = new StickyScene(INSERT);

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "SRV=two                          # two # ``",
                "SRV=two; a=1                     # two # a=1",
                "a=1; SRV=two                     # two # a=1",
                "a=1; SRV=two; b=2                # two # a=1; b=2",
                "a=1;SRV=two;b=2                  # two # a=1;b=2",
                "a=1 ; SRV=two ; b=2              # two # a=1; b=2",
                "a=1;  SRV=two;   b=2             # two # a=1;   b=2",
                "a=1;\tSRV=two                    # two # a=1",
                "a=1, SRV=two; b=2                # two # a=1; b=2",
                "a=x,SRV=two; b=2                 # two # a=x; b=2",
                "SRV=two,b=2                      # two # b=2",
                "SRV=two ,  b=2                   # two # b=2",
                "SRV = two; a=1                   # two # a=1",
                "SRV=two;                         # two # ``",
                ";SRV=two                         # two # ``",
                ";;SRV=two;;a=1;;                 # two # ;;;a=1;;",
                "a=1;SRV=two;                     # two # a=1;",
                "SRV=one; SRV=two; a=1            # one # a=1",
                "SRV=nope; SRV=two; a=1           # two # a=1",
                "a=1; SRV=two; SRV=one; b=2       # two # a=1; b=2",
                "a=1; SRV=two; b=2; SRV=one; c=3  # two # a=1; b=2; c=3",
                "SRV=one,SRV=two                  # one # ``",
                "SRVX=two; XSRV=one; SRV=two      # two # SRVX=two; XSRV=one",
                "a=b=c; SRV=two                   # two # a=b=c",
                "a==;SRV=two                      # two # a==",
                "=x; SRV=two                      # two # =x",
                "foo; SRV=two                     # two # foo",
                "a=\"x; SRV=one\"; SRV=two        # two # a=\"x; SRV=one\"",
                "a=\"x\\\"; SRV=one\"; SRV=two    # two # a=\"x\\\"; SRV=one\"",
                "a=\"; SRV=two                    # -   # a=\"; SRV=two",
                "a=\"x; SRV=two\"; b=2            # -   # a=\"x; SRV=two\"; b=2",
                "a=1; \"SRV=two\"; b=2            # -   # a=1; \"SRV=two\"; b=2",
                "SRV=\"two\"; a=1                 # -   # a=1",
                "SRV=; a=1                        # -   # a=1",
                "SRV; a=1                         # -   # SRV; a=1",
                "srv=two; a=1                     # -   # srv=two; a=1",
                "SRV=twox                         # -   # ``",
                "SRV=tw                           # -   # ``",
                "SRV=two~x; a=1                   # -   # a=1",
                "SRV=two|AAAAA; a=1               # two # a=1",
                "SRV=two a=1                      # -   # ``",
                "a=1 SRV=two                      # -   # a=1 SRV=two",
                "$Version=1; SRV=two; $Path=/; a=1 # two # $Version=1; a=1",
                "$Version=1; SRV=two; $PATH=/; $Domain=d; $Port=80 # two # ``",
                "a=1; $Path=/x; SRV=two           # two # a=1; $Path=/x",
                "SRV=two; $Path=/; SRV=one; a=1   # two # a=1",
                "SRV=two; $foo=1; a=1             # two # $foo=1; a=1",
                "$Version=1; a=1                  # -   # $Version=1; a=1"
            })
    void anInsertedCookieIsReadAndTakenOut(String cookie, String member, String left) {
        Passed passed = scene.request("Cookie: " + cookie + "\r\nX-Last: 1\r\n");

        assertThat(passed.named()).isEqualTo(member);
        assertThat(passed.lines("cookie")).isEqualTo(left.isEmpty() ? "" : "Cookie: " + left);
        assertThat(passed.head()).endsWith("\r\nX-Last: 1\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "SRV=two~abc; a=1           # two # SRV=abc; a=1",
                "a=1; SRV=two~              # two # a=1; SRV=",
                "SRV=two~a~b                # two # SRV=a~b",
                "SRV=two~\"q;x\"; b=1       # two # SRV=\"q;x\"; b=1",
                "SRV = two~x                # two # SRV = x",
                "SRV=two~x; SRV=one~y       # two # SRV=x; SRV=y",
                "SRV=nope~x; SRV=one~y      # one # SRV=x; SRV=y",
                "SRV=two; a=1               # two # SRV=two; a=1",
                "SRV=nope~abc               # -   # SRV=abc",
                "SRV=~abc                   # -   # SRV=abc",
                "SRV=\"two~q\"; b=1         # -   # SRV=q\"; b=1",
                "SRV=two|AAAAA~x            # -   # SRV=x",
                "a=two~x                    # -   # a=two~x"
            })
    void aPrefixIsReadAndTakenOut(String cookie, String member, String left) {
        StickyScene prefixed = new StickyScene(
                StickyConfig.named("SRV").with().mode(Mode.PREFIX).build());
        Passed passed = prefixed.request("Cookie: " + cookie + "\r\n");

        assertThat(passed.named()).isEqualTo(member);
        assertThat(passed.lines("cookie")).isEqualTo("Cookie: " + left);
    }

    @ParameterizedTest
    @CsvSource({"INSERT,false", "REWRITE,false", "PASSIVE,false", "PASSIVE,true", "PREFIX,true"})
    void inOtherModesMembersSeeTheCookie(Mode mode, boolean indirect) {
        StickyScene other = new StickyScene(
                StickyConfig.named("SRV").with().mode(mode).indirect(indirect).build());
        Passed passed = other.request("Cookie: a=1; SRV=two; b=2\r\n");

        assertThat(passed.named()).isEqualTo("two");
        assertThat(passed.lines("cookie")).isEqualTo("Cookie: a=1; SRV=two; b=2");
    }

    @Test
    void everyLineIsRead() {
        Passed passed = scene.request("A: 1\r\nCOOKIE: a=1; SRV=nope\r\nCookie: SRV=two\r\ncookie:b=2 \r\nZ: 1\r\n");

        assertThat(passed.named()).isEqualTo("two");
        assertThat(passed.head())
                .isEqualTo("GET / HTTP/1.1\r\nHost: web\r\nA: 1\r\nCOOKIE: a=1\r\ncookie:b=2 \r\nZ: 1\r\n\r\n");
    }

    @Test
    void aFieldWithoutCookiesPasses() {
        assertThat(scene.request("Cookie: \r\n").head()).endsWith("\r\nCookie: \r\n\r\n");
        assertThat(scene.request("").lines("cookie")).isEmpty();
    }

    @Test
    void aFieldThatEndsHereAnywayIsLeftAlone() {
        Passed passed = scene.request("Connection: cookie\r\nCookie: SRV=two; a=1\r\n");

        assertThat(passed.named()).isEqualTo("-");
        assertThat(passed.lines("cookie")).isEmpty();
    }

    @Test
    void requestsAreCountedByWhatTheirCookieSays() {
        scene.pool.onVerdict(StickyScene.ONE.id(), new HealthVerdict(State.FAILING, "x", 0));

        scene.request("Cookie: SRV=two\r\n");
        scene.request("Cookie: SRV=one; SRV=two\r\n");
        scene.request("Cookie: SRV=nope\r\n");
        scene.request("");
        scene.request("");
        assertThat(scene.request("Cookie: SRV=one\r\n").named()).isEqualTo("-");

        assertThat(scene.counters.read(PoolCounter.STICKY_HITS)).isEqualTo(2);
        assertThat(scene.counters.read(PoolCounter.STICKY_MISSES)).isEqualTo(3);
        assertThat(scene.counters.read(PoolCounter.STICKY_REDISPATCHES)).isEqualTo(1);
    }

    // Every other cookie survives.

    private static final List<String> SEPARATORS = List.of("; ", ";", " ; ", ";  ", ";\t");
    private static final List<String> OTHERS = List.of(
            "a=1",
            "b",
            "c=",
            "=d",
            "e=\"x; y\"",
            "f=\"\\\"; SRV=two\"",
            "g=h=i",
            "SRVs=two",
            "srv=two",
            "j = k",
            "$l=m",
            "o=p q",
            "r=\"\"",
            "t=~|",
            "u=SRV=two");
    private static final List<String> OURS =
            List.of("SRV=two", "SRV=one", "SRV=nope", "SRV=", "SRV = two", "SRV=\"x;y\"", "SRV=two|AAAAA|BBBBB");

    @Test
    void everyOtherCookieSurvivesUnchanged() {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            List<String> cookies = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                cookies.add(one(random.nextInt(3) == 0 ? OURS : OTHERS, random));
            }
            StringBuilder value = new StringBuilder();
            for (String cookie : cookies) {
                value.append(value.isEmpty() ? "" : one(SEPARATORS, random)).append(cookie);
            }
            Passed passed = scene.request("Cookie: " + value + "\r\nB: 2\r\n");

            String left = passed.lines("cookie").replaceFirst("Cookie: ", "");
            List<String> others =
                    cookies.stream().filter(cookie -> !OURS.contains(cookie)).toList();
            assertThat(split(left)).as(value.toString()).isEqualTo(others);
            assertThat(passed.head()).as(value.toString()).endsWith("\r\nB: 2\r\n\r\n");
            if (others.size() == cookies.size()) {
                assertThat(left).isEqualTo(value.toString());
            }
        }
    }

    @Test
    void nothingInACookieLeadsOutOfItsField() {
        Random random = new Random(11);
        String alphabet = "SRV=two;,\"\\ \t|~$a=;SRV=one";
        for (int round = 0; round < 15_000; round++) {
            String value = random.ints(random.nextInt(30), 0, alphabet.length())
                    .mapToObj(at -> alphabet.substring(at, at + 1))
                    .collect(Collectors.joining());
            Passed passed = scene.request("A: 1\r\nCookie:" + value + "\r\nB: 2\r\n");

            assertThat(passed.head())
                    .as(value)
                    .startsWith("GET / HTTP/1.1\r\nHost: web\r\nA: 1\r\n")
                    .endsWith("\r\nB: 2\r\n\r\n");
            String left = passed.lines("cookie").replaceFirst("Cookie:", "");
            assertThat(isSubsequence(left, value)).as(value + " -> " + left).isTrue();
            // Reading what is left finds nothing more to take out.
            assertThat(scene.request("A: 1\r\nCookie:" + left + "\r\nB: 2\r\n").lines("cookie"))
                    .as(value + " -> " + left)
                    .isIn("Cookie:" + left, "");
        }
    }

    private static String one(List<String> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Splits at semicolons outside of quotes, in another way than the code under test. */
    private static List<String> split(String value) {
        List<String> cookies = new ArrayList<>();
        for (String cookie : value.split(";(?=(?:[^\"\\\\]|\\\\.|\"(?:[^\"\\\\]|\\\\.)*\")*$)", -1)) {
            if (!cookie.isBlank()) {
                cookies.add(cookie.strip());
            }
        }
        return cookies;
    }

    private static boolean isSubsequence(String part, String whole) {
        int at = 0;
        for (int i = 0; i < whole.length() && at < part.length(); i++) {
            at += whole.charAt(i) == part.charAt(at) ? 1 : 0;
        }
        return at == part.length();
    }
}

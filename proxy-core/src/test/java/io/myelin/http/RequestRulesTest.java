package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.myelin.failure.Failure;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.http.RuleRun.Outcome;
import io.myelin.http.TargetEdit.Part;
import io.myelin.http.Template.Group;
import io.myelin.http.Template.Header;
import io.myelin.http.Template.Literal;
import io.myelin.route.Condition;
import io.myelin.route.HeaderCondition;
import io.myelin.route.Match;
import io.myelin.route.Regex;
import io.myelin.route.TextCriterion;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules make of request heads; where HAProxy is named, its version 2.6 was seen to do the same. */
class RequestRulesTest {
    private static final String HEAD =
            "GET /a/z?k=v1&k=v2 HTTP/1.1\r\nHost: h\r\nX-Multi: a\r\nx-multi: b, c\r\nX-End: 1\r\n\r\n";
    private static final int ROUNDS = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final InetSocketAddress LOCAL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

    private final RuleRun run = new RuleRun();

    @Test
    void setPutsOneFieldLastInThePlaceOfAllOfItsNameAsHaproxyDoes() {
        assertThat(fields(new HeaderEdit.Set("X-MULTI", Template.of("new"))))
                .containsExactly("Host: h", "X-End: 1", "X-MULTI: new");
    }

    @Test
    void addLeavesWhatIsThere() {
        assertThat(fields(new HeaderEdit.Add("X-Multi", Template.of("added"))))
                .containsExactly("Host: h", "X-Multi: a", "x-multi: b, c", "X-End: 1", "X-Multi: added");
    }

    @Test
    void deleteTakesEveryFieldOfTheNameInAnyCaseAsHaproxyDoes() {
        assertThat(fields(HeaderEdit.Delete.named("x-mULTI"))).containsExactly("Host: h", "X-End: 1");
    }

    @Test
    void deletingByPatternPassesOverWhatTheMessageDependsOn() {
        String head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Type: t\r\n\r\n";

        assertThat(fields(
                        head, new HeaderEdit.Delete(new TextCriterion.OneOf(Match.BEGINS, true, List.of("con", "h")))))
                .containsExactly("Host: h", "Content-Length: 3");
    }

    @Test
    void replaceHeaderTakesWholeLinesAndReplacesAllOfTheValueAsHaproxyDoes() {
        assertThat(fields(new HeaderEdit.Replace("X-Multi", regex("^(.)(.*)$"), swapped(), true)))
                .containsExactly("Host: h", "X-End: 1", "X-Multi: <a>", "X-Multi: <, cb>");
        assertThat(fields(new HeaderEdit.Replace("X-Multi", regex("c"), Template.of("Z"), true)))
                .containsExactly("Host: h", "X-Multi: a", "X-End: 1", "X-Multi: Z");
    }

    @Test
    void replaceValueTakesTheElementsOfLists() {
        assertThat(fields(new HeaderEdit.Replace("X-Multi", regex("^(.)(.*)$"), swapped(), false)))
                .containsExactly("Host: h", "X-End: 1", "X-Multi: <a>", "X-Multi: <b>, <c>");
    }

    @Test
    void fieldsOfOneNameKeepTheirOrderWhenTheFirstIsReplaced() {
        assertThat(fields(new HeaderEdit.Replace("X-Multi", regex("^a$"), Template.of("A"), true)))
                .containsExactly("Host: h", "X-End: 1", "X-Multi: A", "X-Multi: b, c");
    }

    @Test
    void aRuleSeesWhatEarlierOnesDid() {
        HttpRule first = always(new HeaderEdit.Set("X-Seen", Template.of("yes")));
        HttpRule second = new HttpRule(
                header("x-seen", "yes"), new HeaderEdit.Set("X-Copy", template(new Header("X-Seen", false, -1))));

        assertThat(fields(HEAD, List.of(first, second))).endsWith("X-Seen: yes", "X-Copy: yes");
    }

    @Test
    void aConditionDoesNotSeeWhatWasRemovedButSeesWhatEndsHere() {
        String head = "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nConnection: keep-alive, Upgrade\r\n\r\n";
        List<HttpRule> rules = List.of(
                always(HeaderEdit.Delete.named("X-A")),
                new HttpRule(header("X-A", "1"), new HeaderEdit.Set("X-Wrong", Template.of("1"))),
                new HttpRule(header("connection", "Upgrade"), new HeaderEdit.Set("X-Right", Template.of("1"))));

        assertThat(fields(head, rules)).containsExactly("Host: h", "X-Right: 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1 | false | c",
                "1  | false | a",
                "2  | false | b",
                "-2 | false | b",
                "9  | false | ''",
                "-9 | false | ''",
                "-1 | true  | b, c",
                "1  | true  | a"
            })
    void aValueTakesOneOccurrenceOfAFieldAsHaproxyCountsThem(int occurrence, boolean whole, String value) {
        assertThat(fields(new HeaderEdit.Set("V", template(new Header("x-multi", whole, occurrence)))))
                .endsWith("V: " + value);
    }

    @Test
    void aValueIsPutTogetherFromTheRequest() {
        Template value = template(
                Variable.METHOD,
                new Literal(" "),
                Variable.PATH,
                new Literal(" "),
                Variable.QUERY,
                new Literal(" "),
                Variable.TARGET,
                new Literal(" "),
                Variable.MEMBER);

        assertThat(fields(new HeaderEdit.Set("V", value))).endsWith("V: GET /a/z k=v1&k=v2 /a/z?k=v1&k=v2 <NOSRV>");
    }

    @Test
    void aRequestIdIsTheClientsOwnOrRandom() {
        HeaderEdit set = new HeaderEdit.Set("X-Request-Id", template(Variable.REQUEST_ID));

        assertThat(fields("GET / HTTP/1.1\r\nHost: h\r\nx-request-id: mine\r\n\r\n", set))
                .endsWith("X-Request-Id: mine");
        List<String> made = fields(set);
        assertThat(made.get(made.size() - 1)).matches("X-Request-Id: [0-9a-f]{32}");
        assertThat(fields(set)).doesNotContainSequence(made);
    }

    @Test
    void aNameFromARegistryCannotEndTheLine() {
        HeadWriter out = new HeadWriter();
        out.text("a\r\nX-Evil: 1\u0000\u1234");

        assertThat(out).hasToString("a??X-Evil: 1??");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\u0000", "\u007f"})
    void aTextThatEndsALineIsRefusedWhereTheRuleIsMade(String text) {
        assertThatThrownBy(() -> Template.of(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Redirection(Redirection.Kind.LOCATION, Template.of("/"), 302, false, false, text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "Connection", "Upgrade", "", "a b", "X:"})
    void whatTheMessageDependsOnCannotBeChanged(String name) {
        Template value = Template.of("x");

        assertThatThrownBy(() -> new HeaderEdit.Set(name, value)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeaderEdit.Add(name, value)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HeaderEdit.Delete.named(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeaderEdit.Replace(name, regex("."), value, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hostCanBeSetAndReplacedOnly() {
        assertThat(fields(new HeaderEdit.Set("host", Template.of("other:99")))).endsWith("host: other:99");
        assertThat(fields(
                        "GET / HTTP/1.1\r\nHost: h:80\r\n\r\n",
                        new HeaderEdit.Replace("Host", regex("(.*):\\d+"), template(new Group(1)), true)))
                .containsExactly("Host: h");
        assertThatThrownBy(() -> new HeaderEdit.Add("Host", Template.of("h"))).hasMessageContaining("Host");
        assertThatThrownBy(() -> HeaderEdit.Delete.named("Host")).hasMessageContaining("Host");
        assertThatThrownBy(() -> new HeaderEdit.Set("Host", Template.of("a b"))).hasMessageContaining("Host");
    }

    @Test
    void aHostThatIsNoneRefusesTheRequest() {
        String head = "GET / HTTP/1.1\r\nHost: h\r\nX-Host: a b\r\n\r\n";
        Template value = template(new Header("X-Host", true, -1));

        assertThat(outcome(head, new HeaderEdit.Set("Host", value))).isEqualTo(Outcome.REFUSE);
        assertThat(run.failure()).isEqualTo(Failure.MALFORMED_REQUEST);
    }

    @Test
    void aNewHostIsWhatRoutesSeeAndTheOldOneWhatMembersAreTold() {
        RequestHead head = Heads.request("GET http://old/x HTTP/1.1\r\nHost: ignored\r\n\r\n");
        run.onRequest(rules(new HeaderEdit.Set("Host", Template.of("new"))), head, null);

        assertThat(head.host()).hasToString("new");
        assertThat(composed(head, ForwardedFor.APPEND))
                .contains("Host: new\r\n")
                .contains("X-Forwarded-Host: old\r\n")
                .doesNotContain("ignored");
    }

    @Test
    void theAuthorityOfAnAbsoluteTargetIsTheHostThatRulesSee() {
        String head = "GET http://asked:80/x HTTP/1.1\r\nHost: other\r\n\r\n";

        assertThat(fields(head, new HeaderEdit.Set("X-Host", template(new Header("host", true, -1)))))
                .containsExactlyInAnyOrder("Host: asked:80", "X-Host: asked:80");
        assertThat(fields(head, new HeaderEdit.Replace("Host", regex("(.*):.*"), template(new Group(1)), true)))
                .containsExactly("Host: asked");
    }

    @Test
    void whatARuleSaysOfTheClientsConnectionStandsEvenWhereTheClientsOwnWordDoesNot() {
        RequestHead head = Heads.request("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-Proto: forged\r\n\r\n");
        run.onRequest(rules(new HeaderEdit.Add("X-Forwarded-Proto", Template.of("https"))), head, null);

        assertThat(composed(head, ForwardedFor.REPLACE))
                .contains("X-Forwarded-Proto: https\r\n")
                .doesNotContain("forged")
                .doesNotContain("X-Forwarded-Proto: http\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "PATH, /p, /p?k=v1&k=v2",
        "QUERY, a=b, /a/z?a=b",
        "QUERY, '', /a/z",
        "TARGET, /u?x, /u?x",
    })
    void partsOfTheTargetCanBeSet(Part part, String value, String target) {
        assertThat(requestLine(new TargetEdit.Set(part, Template.of(value)))).isEqualTo("GET " + target + " HTTP/1.1");
    }

    @Test
    void pathAndTargetCanBeReplacedByExpressionAsHaproxyReplacesThemWhole() {
        Template behindFoo = template(new Literal("/foo"), new Group(1));

        assertThat(requestLine(new TargetEdit.Replace(Part.PATH, regex("(.*)"), behindFoo)))
                .isEqualTo("GET /foo/a/z?k=v1&k=v2 HTTP/1.1");
        assertThat(requestLine(new TargetEdit.Replace(Part.TARGET, regex("k=(.)"), behindFoo)))
                .isEqualTo("GET /foov HTTP/1.1");
        assertThat(requestLine(new TargetEdit.Replace(Part.PATH, regex("nowhere"), behindFoo)))
                .isEqualTo("GET /a/z?k=v1&k=v2 HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "\u00e9", "#"})
    void aTargetThatIsNoneRefusesTheRequest(String made) {
        String head = "GET / HTTP/1.1\r\nHost: h\r\nX-Path: " + made + "\r\n\r\n";
        Template value = template(new Literal("/"), new Header("X-Path", true, -1));

        assertThat(outcome(head, new TargetEdit.Set(Part.PATH, value))).isEqualTo(Outcome.REFUSE);
        assertThat(run.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p", "", "/a b", "http://h/"})
    void aTextThatIsNoTargetIsRefusedWhereTheRuleIsMade(String text) {
        assertThatThrownBy(() -> new TargetEdit.Set(Part.TARGET, Template.of(text)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theMethodCanBeSetUnlessResponsesToItEndElsewhere() {
        assertThat(requestLine(new TargetEdit.SetMethod("PUT"))).startsWith("PUT /a/z");
        assertThat(requestLine("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", List.of(always(new TargetEdit.SetMethod("PUT")))))
                .isEqualTo("HEAD / HTTP/1.1");
        assertThatThrownBy(() -> new TargetEdit.SetMethod("HEAD")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TargetEdit.SetMethod("P T")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void linesAreDeletedAndReplacedAsTheyCame() {
        assertThat(fields(new LineEdit.Delete(regex("^(?i)x-multi:.*b"))))
                .containsExactly("Host: h", "X-Multi: a", "X-End: 1");
        assertThat(fields(new LineEdit.Replace(
                        regex("^X-(End): (.*)"),
                        template(new Group(1), new Literal(": <"), new Group(2), new Literal(">")))))
                .endsWith("End: <1>");
        assertThat(requestLine(new LineEdit.Replace(
                        regex("^([^ ]*) /a(.*)"), template(new Group(1), new Literal(" /b"), new Group(2)))))
                .isEqualTo("GET /b/z?k=v1&k=v2 HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no colon", ": empty", "Content-Length: 0", "Host: two", "b a: x"})
    void aLineThatIsNoFieldOfItsOwnRefusesTheRequest(String line) {
        assertThat(outcome(HEAD, new LineEdit.Replace(regex("^X-End"), Template.of(line))))
                .isEqualTo(Outcome.REFUSE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "GET x HTTP/1.1",
                "GET /",
                "HEAD / HTTP/1.1",
                "CONNECT / HTTP/1.1",
                " / HTTP/1.1",
                "G T / HTTP/1.1"
            })
    void aRequestLineThatIsNoneRefusesTheRequest(String line) {
        assertThat(outcome(HEAD, new LineEdit.Replace(regex("^GET "), Template.of(line))))
                .isEqualTo(Outcome.REFUSE);
    }

    @Test
    void linesThatFrameTheMessageStay() {
        String head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n";

        assertThat(fields(head, new LineEdit.Delete(regex(".")))).containsExactly("Host: h", "Content-Length: 3");
        assertThat(fields(head, new LineEdit.Replace(regex("^Con"), Template.of("X: y"))))
                .containsExactly("Host: h", "Content-Length: 3");
    }

    @Test
    void aLineOrTheRequestLineCanCallForAnAction() {
        assertThat(outcome(HEAD, new LineEdit.OnMatch(regex("^GET /a"), Refusal.deny(403))))
                .isEqualTo(Outcome.REFUSE);
        assertThat(outcome(HEAD, new LineEdit.OnMatch(regex("^x-multi: b"), Refusal.deny(403))))
                .isEqualTo(Outcome.REFUSE);
        assertThat(outcome(HEAD, new LineEdit.OnMatch(regex("nowhere"), Refusal.deny(403))))
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void allowLeavesItsListOnly() {
        HttpRule allow = always(HttpAction.ALLOW);
        HttpRule skipped = always(Refusal.deny(403));
        HttpRule reached = always(Refusal.tarpit(500, Duration.ofSeconds(3)));
        RequestHead head = Heads.request(HEAD);

        assertThat(run.onRequest(
                        new HttpRules(List.of(List.of(allow, skipped), List.of(reached)), List.of()), head, null))
                .isEqualTo(Outcome.DELAY);
        assertThat(run.delayNanos()).isEqualTo(3_000_000_000L);
    }

    @Test
    void aStatusWithoutAResponseIsRefusedWhereTheRuleIsMade() {
        assertThatThrownBy(() -> Refusal.deny(418)).hasMessageContaining("418");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LOCATION | /new              | 302 | false | false | /new",
                "PREFIX   | http://p.example  | 302 | false | false | http://p.example/a/z?k=v1&k=v2",
                "PREFIX   | /                 | 307 | false | false | /a/z?k=v1&k=v2",
                "PREFIX   | http://p.example  | 303 | true  | false | http://p.example/a/z",
                "PREFIX   | http://p.example  | 308 | true  | true  | http://p.example/a/z/",
                "SCHEME   | https             | 302 | false | false | https://h/a/z?k=v1&k=v2",
                "SCHEME   | https             | 301 | true  | false | https://h/a/z",
            })
    void redirectionsLeadWhereHaproxysDo(
            Redirection.Kind kind, String value, int status, boolean drop, boolean slash, String location) {
        Redirection redirect = new Redirection(kind, Template.of(value), status, drop, slash, "");

        assertThat(outcome(HEAD, redirect)).isEqualTo(Outcome.REDIRECT);
        assertThat(run.answer().toString())
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("Location: " + location + "\r\n");
        assertThat(run.answer().toString().contains("Cache-Control: no-cache"))
                .isEqualTo(status != 301 && status != 308);
    }

    @Test
    void aSlashIsAppendedOnce() {
        Redirection redirect =
                new Redirection(Redirection.Kind.PREFIX, Template.of("http://p.example"), 302, true, true, "");

        assertThat(outcome("GET /a/?x HTTP/1.1\r\nHost: h\r\n\r\n", redirect)).isEqualTo(Outcome.REDIRECT);
        assertThat(run.answer().toString()).contains("Location: http://p.example/a/\r\n");
    }

    @Test
    void changingFieldsAllocatesNothing() {
        HttpRules rules = new HttpRules(
                List.of(List.of(
                        new HttpRule(header("x-multi", "a"), HeaderEdit.Delete.named("X-End")),
                        always(new HeaderEdit.Set("X-Copy", template(Variable.PATH, new Literal("!")))),
                        always(new HeaderEdit.Add("X-Method", template(Variable.METHOD))))),
                List.of());
        byte[] scratch = Arrays.copyOf(Heads.bytes(HEAD), 2_048);
        RequestHead head = new RequestHead();
        runOver(scratch, head, rules);

        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        int kept = runOver(scratch, head, rules);
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(kept).isEqualTo(ROUNDS);
        assertThat(allocated).as("bytes allocated by %d heads", ROUNDS).isLessThan(ROUNDS);
    }

    /** Returns how many heads had the fields that were added to them. */
    private int runOver(byte[] scratch, RequestHead head, HttpRules rules) {
        int changed = 0;
        for (int i = 0; i < ROUNDS; i++) {
            head.parse(scratch, HEAD.length());
            run.onRequest(rules, head, null);
            changed += head.field("X-Method", -1) > head.field("X-Copy", -1) && head.field("X-End", -1) < 0 ? 1 : 0;
        }
        return changed;
    }

    private static Regex regex(String text) {
        return Regex.of(text, false);
    }

    private static Template swapped() {
        return template(new Literal("<"), new Group(2), new Group(1), new Literal(">"));
    }

    private static Template template(Template.Piece... pieces) {
        return new Template(List.of(pieces));
    }

    private static Condition header(String name, String value) {
        return new HeaderCondition(name, false, new TextCriterion.OneOf(Match.EXACT, false, List.of(value)));
    }

    private static HttpRule always(HttpAction action) {
        return new HttpRule(Condition.ALWAYS, action);
    }

    private static HttpRules rules(HttpAction action) {
        return new HttpRules(List.of(List.of(always(action))), List.of());
    }

    private Outcome outcome(String head, HttpAction action) {
        return run.onRequest(rules(action), Heads.request(head), null);
    }

    private List<String> fields(HttpAction action) {
        return fields(HEAD, action);
    }

    private List<String> fields(String text, HttpAction action) {
        return fields(text, List.of(always(action)));
    }

    private List<String> fields(String text, List<HttpRule> rules) {
        List<String> lines = lines(text, rules);
        return lines.subList(1, lines.size());
    }

    private String requestLine(HttpAction action) {
        return requestLine(HEAD, List.of(always(action)));
    }

    private String requestLine(String text, List<HttpRule> rules) {
        return lines(text, rules).get(0);
    }

    private List<String> lines(String text, List<HttpRule> rules) {
        RequestHead head = Heads.request(text);
        assertThat(run.onRequest(new HttpRules(List.of(rules), List.of()), head, null))
                .isEqualTo(Outcome.PASS);
        String composed = composed(head, ForwardedFor.OFF);
        assertThat(composed).endsWith("\r\n\r\n");
        Heads.request(composed);
        return Arrays.asList(composed.substring(0, composed.length() - 4).split("\r\n", -1));
    }

    private static String composed(RequestHead head, ForwardedFor forwarding) {
        HeadWriter out = new HeadWriter();
        RequestComposer.compose(head, Heads.bytes("10.1.2.3"), LOCAL, forwarding, new HeadWriter(), out);
        return out.toString();
    }
}

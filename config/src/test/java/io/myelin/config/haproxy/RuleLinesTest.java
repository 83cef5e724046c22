package io.myelin.config.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.Problem;
import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.http.HeaderEdit;
import io.myelin.http.HttpAction;
import io.myelin.http.HttpRule;
import io.myelin.http.HttpRules;
import io.myelin.http.LineEdit;
import io.myelin.http.Redirection;
import io.myelin.http.Redirection.Kind;
import io.myelin.http.Refusal;
import io.myelin.http.TargetEdit;
import io.myelin.http.TargetEdit.Part;
import io.myelin.http.Template;
import io.myelin.http.Template.Group;
import io.myelin.http.Template.Header;
import io.myelin.http.Template.Literal;
import io.myelin.http.Template.Piece;
import io.myelin.http.TlsPiece;
import io.myelin.http.Variable;
import io.myelin.route.Condition;
import io.myelin.route.Match;
import io.myelin.route.Regex;
import io.myelin.route.TextCriterion;
import io.myelin.route.TlsFact;
import io.myelin.route.TlsSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@NullMarked
class RuleLinesTest {
    private static final Duration TARPIT = Duration.ofSeconds(7);

    private final Problems problems = new Problems();

    static Stream<Arguments> actions() {
        Refusal denied = Refusal.deny(403);
        Refusal held = Refusal.tarpit(500, TARPIT);
        Template swap = value(new Literal("<"), new Group(2), new Group(1), new Literal(">"));
        return Stream.of(
                Arguments.of("http-request set-header X-A b\\ c", new HeaderEdit.Set("X-A", Template.of("b c"))),
                Arguments.of(
                        "http-request add-header X-A \"%[src] %%\"",
                        new HeaderEdit.Add("X-A", value(Variable.SOURCE, new Literal(" "), new Literal("%")))),
                Arguments.of("http-request del-header X-A", HeaderEdit.Delete.named("X-A")),
                Arguments.of(
                        "http-request del-header X- -m beg",
                        new HeaderEdit.Delete(new TextCriterion.OneOf(Match.BEGINS, true, List.of("X-")))),
                Arguments.of(
                        "http-request replace-header X-A ^(.)(.*)$ <\\2\\1>",
                        new HeaderEdit.Replace("X-A", regex("^(.)(.*)$"), swap, true)),
                Arguments.of(
                        "http-request replace-value X-A ^(.)(.*)$ <\\2\\1>",
                        new HeaderEdit.Replace("X-A", regex("^(.)(.*)$"), swap, false)),
                Arguments.of("http-request deny", denied),
                Arguments.of("http-request deny deny_status 404", Refusal.deny(404)),
                Arguments.of("http-request tarpit", held),
                Arguments.of("http-request tarpit deny_status 429", Refusal.tarpit(429, TARPIT)),
                Arguments.of("http-request allow", HttpAction.ALLOW),
                Arguments.of("http-request set-method PUT", new TargetEdit.SetMethod("PUT")),
                Arguments.of(
                        "http-request set-path /a%[path]",
                        new TargetEdit.Set(Part.PATH, value(new Literal("/a"), Variable.PATH))),
                Arguments.of("http-request set-query a=b", new TargetEdit.Set(Part.QUERY, Template.of("a=b"))),
                Arguments.of("http-request set-uri /u?x", new TargetEdit.Set(Part.TARGET, Template.of("/u?x"))),
                Arguments.of(
                        "http-request replace-path (.*) /foo\\1",
                        new TargetEdit.Replace(Part.PATH, regex("(.*)"), value(new Literal("/foo"), new Group(1)))),
                Arguments.of("redirect location /new", redirect(Kind.LOCATION, "/new", 302, false, false, "")),
                Arguments.of(
                        "redirect prefix http://p code 308 drop-query append-slash",
                        redirect(Kind.PREFIX, "http://p", 308, true, true, "")),
                Arguments.of(
                        "http-request redirect scheme https code 301",
                        redirect(Kind.SCHEME, "https", 301, false, false, "")),
                // The texts are those that HAProxy 2.6 was seen to send.
                Arguments.of(
                        "redirect location / set-cookie SEEN=1",
                        redirect(Kind.LOCATION, "/", 302, false, false, "SEEN=1; path=/;")),
                Arguments.of(
                        "redirect location / clear-cookie SEEN=",
                        redirect(Kind.LOCATION, "/", 302, false, false, "SEEN=; path=/; Max-Age=0;")),
                Arguments.of("block if TRUE", denied),
                Arguments.of("reqadd X-A:\\ b:\\ %c", new HeaderEdit.Add("X-A", Template.of("b: %c"))),
                Arguments.of("reqdel ^X-A", new LineEdit.Delete(regex("^X-A"))),
                Arguments.of("reqidel ^X-A", new LineEdit.Delete(Regex.of("^X-A", true))),
                Arguments.of(
                        "reqrep ^([^\\ ]*)\\ /a(.*) \\1\\ /b\\2",
                        new LineEdit.Replace(
                                regex("^([^ ]*) /a(.*)"), value(new Group(1), new Literal(" /b"), new Group(2)))),
                Arguments.of("reqirep ^A B", new LineEdit.Replace(Regex.of("^A", true), Template.of("B"))),
                Arguments.of("reqdeny ^A", new LineEdit.OnMatch(regex("^A"), denied)),
                Arguments.of("reqideny ^A", new LineEdit.OnMatch(Regex.of("^A", true), denied)),
                Arguments.of("reqtarpit .", new LineEdit.OnMatch(regex("."), held)),
                Arguments.of("reqitarpit .", new LineEdit.OnMatch(Regex.of(".", true), held)),
                Arguments.of("reqallow ^A", new LineEdit.OnMatch(regex("^A"), HttpAction.ALLOW)),
                Arguments.of(
                        "http-response set-header X-A \"%[status] %s %[res.hdr(X-B,1)]\"",
                        new HeaderEdit.Set(
                                "X-A",
                                value(
                                        Variable.STATUS,
                                        new Literal(" "),
                                        Variable.MEMBER,
                                        new Literal(" "),
                                        new Header("X-B", false, 1)))),
                Arguments.of("http-response del-header Server", HeaderEdit.Delete.named("Server")),
                Arguments.of("http-response deny", Refusal.denyResponse(502)),
                Arguments.of("rspadd X-A:\\ b", new HeaderEdit.Add("X-A", Template.of("b"))),
                Arguments.of("rspidel ^Server", new LineEdit.Delete(Regex.of("^Server", true))),
                Arguments.of("rsprep ^A B", new LineEdit.Replace(regex("^A"), Template.of("B"))),
                Arguments.of("rspdeny ^A", new LineEdit.OnMatch(regex("^A"), Refusal.denyResponse(502))));
    }

    @ParameterizedTest
    @MethodSource("actions")
    void aLineIsReadAsHaproxyMeansIt(String line, HttpAction action) {
        HttpRules rules = rules(line);

        assertThat(messages()).isEmpty();
        assertThat(Stream.concat(rules.requests().stream(), rules.responses().stream())
                        .flatMap(List::stream)
                        .map(HttpRule::action))
                .containsExactly(action);
        boolean ofResponse = line.matches("(http-response|rsp).*");
        assertThat(rules.requests().isEmpty()).isEqualTo(ofResponse);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%ci             | SOURCE",
                "%cp             | SOURCE_PORT",
                "%fi             | DESTINATION",
                "%fp             | DESTINATION_PORT",
                "%b              | POOL",
                "%f              | LISTENER",
                "%s              | MEMBER",
                "%[src_port]     | SOURCE_PORT",
                "%[dst]          | DESTINATION",
                "%[dst_port]     | DESTINATION_PORT",
                "%[method]       | METHOD",
                "%[path]         | PATH",
                "%[query]        | QUERY",
                "%[url]          | TARGET",
                "%[capture.req.uri] | TARGET",
                "%[unique-id]    | REQUEST_ID",
            })
    void aVariableIsAPieceOfAValue(String text, Variable variable) {
        assertThat(actions(rules("http-request set-header X " + text)))
                .containsExactly(new HeaderEdit.Set("X", value(variable)));
    }

    @Test
    void theNameOfTheHostIsKnownBeforehand() {
        assertThat(actions(rules("http-request set-header X %[ssl_fc]")))
                .containsExactly(new HeaderEdit.Set("X", value(Variable.ENCRYPTED)));
        assertThat(actions(rules("http-request set-header X %H")).get(0).toString())
                .doesNotContain("%");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%[ssl_fc_sni]              | SERVER_NAME       |    | KEPT",
                "%[ssl_fc_sni,lower]        | SERVER_NAME       |    | LOWER",
                "%[ssl_fc_is_resumed]       | RESUMED           |    | KEPT",
                "%[ssl_c_used]              | CLIENT_USED       |    | KEPT",
                "%[ssl_c_verify]            | CLIENT_VERIFIED   |    | KEPT",
                "%[ssl_c_i_dn(cn)]          | CLIENT_ISSUER     | cn | KEPT",
                "%[ssl_c_serial,hex]        | CLIENT_SERIAL     |    | KEPT",
                "%[ssl_c_sha1,hex,lower]    | CLIENT_SHA1       |    | LOWER",
                "%[ssl_c_notafter]          | CLIENT_NOT_AFTER  |    | KEPT",
                "%[ssl_c_notbefore,upper]   | CLIENT_NOT_BEFORE |    | UPPER",
            })
    void whatTheClientsTlsSaysIsAPieceOfAValue(
            String text, TlsFact fact, @Nullable String attribute, TlsSample.Letters letters) {
        TlsPiece piece = new TlsPiece(new TlsSample(fact, attribute == null ? "" : attribute, letters));

        assertThat(actions(rules("http-request set-header X " + text)))
                .containsExactly(new HeaderEdit.Set("X", value(piece)));
    }

    @Test
    void aVariableMayStandInQuotes() {
        assertThat(actions(rules("http-request set-header X a%{+Q}[src]%{+Q}cp")))
                .containsExactly(new HeaderEdit.Set(
                        "X",
                        value(
                                new Literal("a\""),
                                Variable.SOURCE,
                                new Literal("\"\""),
                                Variable.SOURCE_PORT,
                                new Literal("\""))));
    }

    @Test
    void conditionsAreThoseOfRoutes() {
        HttpRules rules = rules("acl a path /x", "http-request deny if a !{ method GET }");

        Condition path = new Condition.Text(Condition.Part.PATH, Match.EXACT, false, List.of("/x"));
        Condition get = new Condition.Text(Condition.Part.METHOD, Match.EXACT, false, List.of("GET"));
        assertThat(rules.requests().get(0).get(0).when())
                .isEqualTo(new Condition.All(List.of(path, new Condition.Not(get))));
    }

    @Test
    void kindsOfLinesTakeTurnsWhateverTheirOrderAsInHaproxy() {
        HttpRules rules = rules(
                "redirect location /r",
                "reqadd A:1",
                "reqdel x",
                "http-request deny",
                "block if TRUE",
                "http-request allow",
                "rspadd A:1",
                "rspdel x",
                "http-response allow");

        assertThat(rules.requests()).hasSize(5);
        assertThat(actions(rules))
                .containsExactly(
                        Refusal.deny(403),
                        Refusal.deny(403),
                        HttpAction.ALLOW,
                        new LineEdit.Delete(regex("x")),
                        new HeaderEdit.Add("A", Template.of("1")),
                        redirect(Kind.LOCATION, "/r", 302, false, false, ""));
        assertThat(rules.responses().stream().flatMap(List::stream).map(HttpRule::action))
                .containsExactly(
                        HttpAction.ALLOW, new LineEdit.Delete(regex("x")), new HeaderEdit.Add("A", Template.of("1")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http-request set-header Content-Length 1 | Content-Length says where messages end or connections go, which rules cannot change: the rule is left out",
                "http-request del-header connection | connection says where messages end or connections go, which rules cannot change: the rule is left out",
                "http-request add-header Keep-Alive x | Keep-Alive describes one connection, and is never passed on: the rule is left out",
                "http-request del-header Host | Host can be set, but not added or removed: the rule is left out",
                "http-request set-header Host a/b | the value of Host is not a host with an optional port: the rule is left out",
                "http-request set-header X a\\r\\nX-Evil:1 | the value has a control character: the rule is left out",
                "reqadd X:\\ a\\nb | the value has a control character: the rule is left out",
                "reqadd nothing | `nothing` is not a header line: the rule is left out",
                "http-request set-header X %[rand] | %[rand] is not interpreted: the rule is left out",
                "http-request set-header X %[src,lower] | %[src,lower] is not interpreted: the rule is left out",
                "http-request set-header X %[ssl_c_sha1] | %[ssl_c_sha1] is not interpreted: the rule is left out",
                "http-request set-header X %[ssl_fc_sni,hex] | %[ssl_fc_sni,hex] is not interpreted: the rule is left out",
                "http-request set-header X %[ssl_c_s_dn(CN,2)] | %[ssl_c_s_dn(CN,2)] is not interpreted: the rule is left out",
                "http-request set-header X %{+X}[src] | %{ is not interpreted: the rule is left out",
                "http-request deny if { ssl_c_sha1 -m sub AB } | the criterion ssl_c_sha1 is not interpreted: the rule is left out",
                "http-request deny if { path,lower /a } | the criterion path,lower is not interpreted: the rule is left out",
                "http-request set-header X %[status] | %[status] is not interpreted: the rule is left out",
                "http-request set-header X %[res.hdr(A)] | %[res.hdr(A)] is not interpreted: the rule is left out",
                "http-response set-header X %[path] | %[path] is not interpreted: the rule is left out",
                "http-request set-header X %T | %T is not interpreted: the rule is left out",
                "http-request set-header X %[src | `%[src` is not closed: the rule is left out",
                "http-request set-header X | a value is missing: the rule is left out",
                "http-request set-header | the name of a header field is missing: the rule is left out",
                "http-request | an action is missing: the rule is left out",
                "http-request set-path x | the value does not begin with /: the rule is left out",
                "http-request set-method HEAD | the answer to HEAD has another form: the rule is left out",
                "http-request replace-header X (?=a) b | `(?=a)` is not a regular expression of RE2: invalid or unsupported Perl syntax: the rule is left out",
                "reqdel ( | `(` is not a regular expression of RE2: missing closing ): the rule is left out",
                "http-request deny if nowhere | there is no acl nowhere: the rule is left out",
                "http-request deny hdr x | hdr is not interpreted: the rule is left out",
                "http-request deny deny_status 418 | there is no answer of status 418: 403 is used",
                "http-response deny if { path / } | path looks at the request, which is gone when the response is there: the rule is left out",
                "http-request deny if { status 200 } | status looks at the response, which is not there yet: the rule is left out",
                "redirect code 301 | no place to go: the rule is left out",
                "redirect location / code 304 | 304 is not a redirection: the rule is left out",
                "redirect location / ignore-empty | ignore-empty is not interpreted: the rule is left out",
                "block | a condition is missing: the rule is left out",
                "http-request auth realm x | not interpreted: what it would refuse is let through",
                "http-request set-var(txn.a) src | not interpreted: requests and answers pass unchanged",
                "http-response cache-store a | not interpreted: requests and answers pass unchanged",
            })
    void whatCannotBeDoneIsReportedWithItsConsequence(String line, String message) {
        HttpRules rules = rules(line);

        assertThat(messages()).containsExactly("`" + line + "`: " + message);
        assertThat(rules.isEmpty()).isEqualTo(!message.endsWith("403 is used"));
    }

    @Test
    void aRuleThatAsksForWhatIsNotInterpretedIsLeftOut() {
        HttpRules rules = rules("acl up srv_is_up(s/a)", "http-request deny if up");

        assertThat(rules.isEmpty()).isTrue();
        assertThat(messages())
                .containsExactly(
                        "`acl up srv_is_up(s/a)`: the criterion srv_is_up(s/a) is not interpreted: rules that ask for up are left out");
    }

    private HttpRules rules(String... lines) {
        FrontendRules frontend = new FrontendRules(problems);
        List<Line> ruleLines = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            Line line = Line.of(lines[i], new Where(new Place("f", i + 1, 1), "lines", ""), problems);
            if (FrontendRules.isRuleLine(line)) {
                ruleLines.add(line);
            } else {
                assertThat(frontend.take(line)).isTrue();
            }
        }
        return frontend.ruleLines(TARPIT).rules(ruleLines);
    }

    private static List<HttpAction> actions(HttpRules rules) {
        return rules.requests().stream()
                .flatMap(List::stream)
                .map(HttpRule::action)
                .toList();
    }

    private List<String> messages() {
        return problems.inOrderOf(List.of("f")).stream().map(Problem::message).toList();
    }

    private static HttpAction redirect(
            Kind kind, String value, int status, boolean dropQuery, boolean appendSlash, String cookie) {
        return new Redirection(kind, Template.of(value), status, dropQuery, appendSlash, cookie);
    }

    private static Template value(Piece... pieces) {
        return new Template(List.of(pieces));
    }

    private static Regex regex(String text) {
        return Regex.of(text, false);
    }
}

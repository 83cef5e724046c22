package io.myelin.config.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.Problem;
import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.route.RequestView;
import io.myelin.route.TlsView;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class FrontendRulesTest {
    /** A request from 10.0.0.1 to port 8080, with a query and two header fields. */
    private record Request(String method, String host, String path) implements RequestView {
        private static final List<String> NAMES = List.of("x-a", "x-n");
        private static final List<String> VALUES = List.of("a, b", "7");

        @Override
        public String query() {
            return "q=1";
        }

        @Override
        public String target() {
            return path + "?q=1";
        }

        @Override
        public int field(String name, int previous) {
            int field = NAMES.indexOf(name.toLowerCase(Locale.ROOT));
            return field > previous ? field : -1;
        }

        @Override
        public String value(int field) {
            return VALUES.get(field);
        }

        @Override
        public InetAddress source() {
            try {
                return InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public int destinationPort() {
            return 8080;
        }
    }

    /** A request of somebody who took up a session that began with a certificate. */
    private record Encrypted() implements RequestView {
        @Override
        public String host() {
            return "h";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public TlsView tls() {
            return (fact, attribute) -> switch (fact) {
                case RESUMED, CLIENT_USED -> "1";
                case CLIENT_VERIFIED -> "0";
                case CLIENT_SHA1 -> "00AB";
                case CLIENT_NOT_AFTER -> "261121000000Z";
                case SERVER_NAME -> "WEB.test";
                default -> null;
            };
        }
    }

    private final Problems problems = new Problems();
    private final FrontendRules rules = new FrontendRules(problems);

    @ParameterizedTest
    @CsvSource({
        "SVC.LB,true",
        "svc.lb:8081,true",
        "a.svc.lb.example.com,true",
        "xsvc.lb,false",
        "svc.lbx,false",
        "other,false"
    })
    void aDomainMatchesWholePartsOfTheHost(String host, boolean matches) {
        take("acl svc hdr_dom(host) -i svc.lb", "use_backend s if svc");

        assertThat(target(new Request("GET", host, "/"))).isEqualTo(matches ? "s" : null);
    }

    @ParameterizedTest
    @CsvSource({
        "hdr(host) a.b,a.b,/,true",
        "hdr(host) a.b,a.b:80,/,false",
        "hdr(Host) -i A.b,a.B,/,true",
        "req.hdr(host) a.b,a.b,/,true",
        "hdr_beg(host) www.,www.x,/,true",
        "hdr_beg(host) www.,x.www.,/,false",
        "hdr_end(host) .com,a.com,/,true",
        "hdr_sub(host) example,an-example.com,/,true",
        "hdr(host) -m sub example,an-example.com,/,true",
        "path /a,h,/a,true",
        "path /a,h,/a/b,false",
        "path_beg /a,h,/ab,true",
        "path_end .png .jpg,h,/x.jpg,true",
        "path_sub /api/,h,/v1/api/x,true",
        "path_beg -i -- /A,h,/ab,true",
        "method GET HEAD,h,/,true",
        "method POST,h,/,false",
        "path_reg ^/a.*z$,h,/abz,true",
        "path_reg -i ^/A,h,/abz,true",
        "path_reg ^/b,h,/abz,false",
        "path_dir b,h,/a/b/c,true",
        "path_len 2:3,h,/ab,true",
        "path_len gt 3,h,/ab,false",
        "hdr(host) -m found,h,/,true",
        "hdr(host) -m found,'',/,false",
        "hdr_reg(host) ^h\\.x$,h.x,/,true",
        "hdr_dom(host) -m beg www,www.x,/,true",
        "hdr(X-A) a,h,/,true",
        "hdr(x-a) b,h,/,true",
        "hdr(x-a) c,h,/,false",
        "'fhdr(x-a) \"a, b\"',h,/,true",
        "hdr_cnt(x-a) 2,h,/,true",
        "fhdr_cnt(x-a) eq 2 gt 2,h,/,false",
        "hdr_val(x-n) ge 7,h,/,true",
        "hdr_val(x-n) lt 7,h,/,false",
        "req.hdr(x-n) -m int 5:9,h,/,true",
        "hdr_beg(x-a) -i A,h,/,true",
        "hdr(x-none) -m found,h,/,false",
        "url_beg /p?q,h,/p,true",
        "url /p,h,/p,false",
        "url_sub q=1,h,/p,true",
        "query -m beg q=,h,/p,true",
        "urlp(q) 1,h,/p,true",
        "urlp_reg(q) ^[0-9]$,h,/p,true",
        "url_param(q) -m found,h,/p,true",
        "urlp(r) -m found,h,/p,false",
        "src 10.0.0.0/8 ::1,h,/,true",
        "src 11.0.0.0/8,h,/,false",
        "dst_port 8080,h,/,true",
        "dst_port le 80,h,/,false",
        "always_true,h,/,true",
        "always_false,h,/,false",
        "ssl_fc,h,/,false"
    })
    void aCriterionComparesItsPartOfTheRequest(String criterion, String host, String path, boolean matches) {
        take("acl c " + criterion, "use_backend s if c");

        assertThat(target(new Request("GET", host, path))).isEqualTo(matches ? "s" : null);
        assertThat(messages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ssl_fc_is_resumed,true",
        "ssl_c_used,true",
        "ssl_fc_has_crt,true",
        "ssl_c_verify 0,true",
        "ssl_c_verify 10,false",
        "ssl_c_sha1 00ab,true",
        "ssl_c_sha1 -m bin 00Ab,true",
        "'ssl_c_sha1,hex 00ab',false",
        "'ssl_c_sha1,hex -i 00ab',true",
        "'ssl_c_sha1,hex,lower 00ab',true",
        "ssl_c_notafter -m beg 26,true",
        "ssl_c_serial 01,false",
        "ssl_fc_sni web.test,false",
        "'ssl_fc_sni,lower -m end .test',true",
        "ssl_c_i_dn(CN) x,false"
    })
    void aCriterionMayAskAboutTheClientsTls(String criterion, boolean matches) {
        take("acl c " + criterion, "use_backend s if c");

        assertThat(target(new Encrypted())).isEqualTo(matches ? "s" : null);
        assertThat(messages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "if a,true",
        "if b,false",
        "unless b,true",
        "if a b,false",
        "if a || b,true",
        "if b or a,true",
        "if b b or a a,true",
        "if !b,true",
        "if ! b,true",
        "if !!a,true",
        "if a !b,true",
        "if { path_beg /x },true",
        "if a !{ path_beg /x },false",
        "if TRUE,true",
        "if METH_GET,true",
        "if METH_POST,false",
        "if HTTP WAIT_END !LOCALHOST HTTP_URL_SLASH,true",
        "if METH_TRACE,false",
        "if { src 10.0.0.1 },true",
        "unless { always_true },false",
        "unless FALSE,true"
    })
    void anExpressionCombinesItsTerms(String expression, boolean holds) {
        take("acl a path_beg /x", "acl b path_beg /y", "use_backend s " + expression);

        assertThat(target(new Request("GET", "h", "/x/1"))).isEqualTo(holds ? "s" : null);
        assertThat(messages()).isEmpty();
    }

    @Test
    void linesWithOneNameAreAlternatives() {
        take("acl a path_beg /x", "acl a path_beg /y", "use_backend s if a");

        assertThat(target(new Request("GET", "h", "/x"))).isEqualTo("s");
        assertThat(target(new Request("GET", "h", "/y"))).isEqualTo("s");
        assertThat(target(new Request("GET", "h", "/z"))).isNull();
    }

    @Test
    void theFirstRuleThatHoldsWins() {
        take("acl a path_beg /", "use_backend one if a", "use_backend two");

        assertThat(target(new Request("GET", "h", "/"))).isEqualTo("one");
        assertThat(rules.rules()).extracting(FrontendRules.Rule::target).containsExactly("one", "two");
    }

    @Test
    void aRuleThatCannotBeInterpretedIsLeftOut() {
        take(
                "acl up srv_is_up(s/a)",
                "acl ok path /",
                "acl re path -f /etc/paths",
                "use_backend s if up",
                "use_backend s if ok !up",
                "use_backend s if re",
                "use_backend s if nowhere",
                "use_backend s when ok",
                "use_backend s if",
                "use_backend s if { src_conn_rate 10 }",
                "use_backend s if { path /",
                "use_backend %[req.hdr(x)]",
                "use_backend t if ok");

        assertThat(rules.rules()).extracting(FrontendRules.Rule::target).containsExactly("t");
        assertThat(messages())
                .containsExactly(
                        "`acl up srv_is_up(s/a)`: the criterion srv_is_up(s/a) is not interpreted: rules that ask for up are left out",
                        "`acl re path -f /etc/paths`: the flag -f is not interpreted: rules that ask for re are left out",
                        "`use_backend s if nowhere`: there is no acl nowhere: the rule is left out",
                        "`use_backend s when ok`: `when` is not a condition: the rule is left out",
                        "`use_backend s if`: a condition is missing: the rule is left out",
                        "`use_backend s if { src_conn_rate 10 }`: the criterion src_conn_rate is not interpreted: the rule is left out",
                        "`use_backend s if { path /`: braces hold no criterion, or are not closed: the rule is left out",
                        "`use_backend %[req.hdr(x)]`: the name of the service is not a plain word: the rule is left out");
    }

    private void take(String... lines) {
        int number = 0;
        for (String line : lines) {
            Where where = new Where(new Place("f", ++number, 1), "lines", "");
            assertThat(rules.take(Line.of(line, where, problems))).isTrue();
        }
    }

    private @Nullable String target(RequestView request) {
        return rules.rules().stream()
                .filter(rule -> rule.when().holds(request))
                .map(FrontendRules.Rule::target)
                .findFirst()
                .orElse(null);
    }

    private List<String> messages() {
        return problems.inOrderOf(List.of("f")).stream().map(Problem::message).toList();
    }
}

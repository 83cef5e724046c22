package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.ServiceConfig;
import io.myelin.model.MemberTls;
import io.myelin.model.NameSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How connections to members are encrypted, in HAProxy's words and natively. */
@NullMarked
class MemberTlsTest {
    private static final String FILE = "../proxy-core/src/test/resources/tls/localhost.pem";
    private static final String EXPIRED = "../proxy-core/src/test/resources/tls/expired.pem";

    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    private MemberTls ofOptions(String options) {
        return tls(files.service(
                "services: {web: {default_servers: ['h:1'], haproxy: {port: 1, server_options: '" + options + "'}}}"));
    }

    private MemberTls ofKey(String value) {
        return tls(files.service("services: {web: {servers: ['h:1'], member_tls: " + value + "}}"));
    }

    private static MemberTls tls(ServiceConfig service) {
        return service.pool().upstream().tls();
    }

    @Test
    void serverOptionsAreRead() {
        assertThat(ofOptions("check inter 2s")).isEqualTo(MemberTls.OFF);
        assertThat(ofOptions("ssl verify none"))
                .isEqualTo(MemberTls.OFF.with().enabled(true).verify(false).build());
        assertThat(ofOptions("ssl verify required ca-file " + FILE + " crt " + FILE
                        + " sni str(a.example.org) verifyhost b alpn http/1.1 check-sni c check-ssl"))
                .isEqualTo(MemberTls.OFF
                        .with()
                        .enabled(true)
                        .authorities(FILE)
                        .certificate(FILE)
                        .serverName("a.example.org")
                        .verifiedName("b")
                        .applicationProtocols(List.of("http/1.1"))
                        .checks(true)
                        .checkName("c")
                        .build());
        assertThat(ofOptions("ssl ca-file @system-ca ssl-min-ver TLSv1.3").protocols())
                .containsExactly("TLSv1.3");
        assertThat(ofOptions("ssl no-tlsv13 ciphers ECDHE-RSA-AES128-GCM-SHA256:!RC4"))
                .isEqualTo(MemberTls.OFF
                        .with()
                        .enabled(true)
                        .protocols(List.of("TLSv1.2"))
                        .ciphers(List.of("ECDHE-RSA-AES128-GCM-SHA256"))
                        .build());
        assertThat(ofOptions("ssl no-ssl").enabled()).isFalse();
        assertThat(ofOptions("ssl crl-file " + revoked() + " no-ssl-reuse check-alpn http/1.0 force-tlsv12"))
                .isEqualTo(MemberTls.OFF
                        .with()
                        .enabled(true)
                        .revocations(revoked())
                        .resumes(false)
                        .checkProtocols(List.of("http/1.0"))
                        .protocols(List.of("TLSv1.2"))
                        .build());
        assertThat(ofOptions("no-ssl-reuse ssl-reuse tls-tickets no-sslv3")).isEqualTo(MemberTls.OFF);
        assertThat(ofOptions("ssl ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.2").protocols())
                .containsExactly("TLSv1.2");
        assertThat(ofOptions("verifyhost a no-verifyhost").verifiedName()).isNull();
    }

    private static String revoked() {
        return "examples/tls/revoked.pem";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "req.hdr(host)                 | host",
                "hdr(Host)                     | host",
                "req.fhdr(x-member),lower      | x-member",
                "req.hdr(host,1)               | host",
                "req.hdr(host),field(1,:)      | host",
                "req.hdr(host),host_only,lower | host",
                "ssl_fc_sni                    |"
            })
    void whomTheClientSpeaksOfIsAskedFor(String expression, String header) {
        MemberTls tls = ofOptions("ssl sni " + expression);
        assertThat(tls.nameSource()).isEqualTo(new NameSource(header));
        assertThat(tls.serverName()).isEmpty();
        assertThat(Objects.requireNonNull(tls.ofChecks(false)).nameSource()).isNull();
        assertThat(ofOptions("ssl sni " + expression + " sni str(web)"))
                .isEqualTo(MemberTls.OFF.with().enabled(true).serverName("web").build());
    }

    @Test
    void defaultsAndServersOfASectionAddUp() {
        ServiceConfig service = files.service("services: {web: {default_servers: [{host: h, port: 1,"
                + " haproxy_server_options: 'verify none'}], haproxy: {port: 1, backend: ['default-server ssl ca-file "
                + FILE + "'], server_options: 'check'}}}");

        assertThat(tls(service).enabled()).isTrue();
        assertThat(tls(service).authorities()).isEqualTo(FILE);
        assertThat(Objects.requireNonNull(service.check()).tls()).isEqualTo(tls(service));
        assertThat(service.pool().membership().defaults().get(0).options()).isEqualTo("verify none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssl verify maybe              | error: | verify: `maybe` is not interpreted (expected: none or required)",
                "ssl ca-file /nowhere          | error: | /nowhere is not there (expected: PEM files: the authorities in ca-file, what they revoked in crl-file, a certificate with its private key in crt)",
                "ssl crt                       | error: | crt: a word is missing (expected: a PEM file)",
                "ssl ssl-min-ver SSLv3         | error: | ssl-min-ver: `SSLv3` is not a version of TLS (expected: TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3)",
                "ssl no-tlsv12 no-tlsv13       | error: | no version of TLS is left (expected: at least one of TLSv1.2 and TLSv1.3)",
                "ssl sni var(txn.name)         | error: | sni var(txn.name) is not interpreted (expected: str(NAME), req.hdr(NAME) or ssl_fc_sni)",
                "ssl sni                       | error: | sni: a word is missing (expected: str(NAME), req.hdr(NAME) or ssl_fc_sni)",
                "ssl ciphersuites X            | warning: | ciphersuites X is not interpreted: TLS 1.3 has its usual ciphers",
                "ssl no-tls-tickets            | warning: | no-tls-tickets is not interpreted: sessions are resumed unless no-ssl-reuse is said",
                "ssl allow-0rtt                | warning: | allow-0rtt is not interpreted: requests wait for the handshake",
                "ssl curves X25519             | warning: | curves X25519 is not interpreted: the usual ones are offered",
                "ssl alpn h2,http/1.1          | warning: | alpn h2,http/1.1 is interpreted in part: members are offered http/1.1",
                "ssl check-alpn h2             | warning: | check-alpn h2 is interpreted in part: members are offered nothing",
                "ssl crl-file /crl             | error: | /crl is not there (expected: PEM files: the authorities in ca-file, what they revoked in crl-file, a certificate with its private key in crt)"
            })
    void whatCannotBeHonouredIsSaid(String options, String severity, String message) {
        assertThat(files.problems("services: {web: {default_servers: ['h:1'], haproxy: {port: 1, server_options: '"
                        + options + "'}}}"))
                .containsExactly("0.yaml:1:79: " + (severity.equals("warning:") ? "warning: " : "")
                        + "services.web.haproxy.server_options: `" + options + "`: " + message);
    }

    @Test
    void theNativeKeyIsRead() {
        MemberTls http = MemberTls.VERIFIED
                .with()
                .applicationProtocols(List.of("http/1.1"))
                .build();
        assertThat(ofKey("true")).isEqualTo(http);
        assertThat(ofKey("false")).isEqualTo(MemberTls.OFF);
        assertThat(ofKey("true, protocol: tcp")).isEqualTo(MemberTls.VERIFIED);
        assertThat(ofKey("{ca: " + FILE + ", verify: false, server_name: web.example.org, certificate: " + FILE
                        + ", key: " + FILE
                        + ", crl: " + revoked() + ", server_name_from: 'header:X-Member', resume: false"
                        + ", protocols: [TLSv1.3], ciphers: [ECDHE-RSA-AES128-GCM-SHA256], alpn: []}"))
                .isEqualTo(MemberTls.VERIFIED
                        .with()
                        .verify(false)
                        .authorities(FILE)
                        .revocations(revoked())
                        .serverName("web.example.org")
                        .nameSource(new NameSource("x-member"))
                        .resumes(false)
                        .certificate(FILE)
                        .key(FILE)
                        .protocols(List.of("TLSv1.3"))
                        .ciphers(List.of("ECDHE-RSA-AES128-GCM-SHA256"))
                        .build());
    }

    @Test
    void whatHasExpiredIsWarnedOf() {
        String said = EXPIRED + " has expired: not_after=2020-01-02T00:00:00Z";
        assertThat(files.problems(
                        "services: {web: {port: 1, servers: ['h:1'], member_tls: {certificate: " + EXPIRED + "}}}"))
                .singleElement()
                .asString()
                .endsWith("warning: services.web.member_tls: " + said);
        String options = "ssl ca-file " + EXPIRED;
        assertThat(files.problems("services: {web: {default_servers: ['h:1'], haproxy: {port: 1, server_options: '"
                        + options + "'}}}"))
                .containsExactly(
                        "0.yaml:1:79: warning: services.web.haproxy.server_options: `" + options + "`: " + said);
    }

    @Test
    void checksGoAsTrafficUnlessTheySayOtherwise() {
        assertThat(check("check: /health").ofChecks(false)).isNotNull();
        assertThat(check("check: {http: /health, tls: false}").ofChecks(false)).isNull();
        assertThat(check("check: {http: /health, port: 81}").ofChecks(true)).isNull();
        assertThat(check("check: {http: /health, port: 81, tls: true}").ofChecks(true))
                .isNotNull();
    }

    private MemberTls check(String check) {
        return Objects.requireNonNull(
                        files.service("services: {web: {servers: ['h:1'], member_tls: true, " + check + "}}")
                                .check())
                .tls();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{crl: /nowhere}         | services.web.member_tls: /nowhere is not there (expected: PEM files)",
                "{server_name_from: host}| services.web.member_tls.server_name_from: host (expected: header:NAME or client_tls)",
                "{server_name_from: 'header:host'}, protocol: tcp| services.web.member_tls.server_name_from: header:host of what is no request (expected: client_tls)",
                "{ca: /nowhere}          | services.web.member_tls: /nowhere is not there (expected: PEM files)",
                "{protocols: [SSLv3]}    | services.web.member_tls.protocols: SSLv3 (expected: TLSv1.2, TLSv1.3 or both)",
                "{alpn: [h2]}            | services.web.member_tls.alpn: h2 is not spoken with members (expected: http/1.1)",
                "{ciphers: [AES]}        | services.web.member_tls.ciphers: AES (expected: a cipher of TLS 1.2, such as ECDHE-ECDSA-AES128-GCM-SHA256)",
                "{key: /k}               | services.web.member_tls.key: is set without certificate (expected: both)",
                "{verfy: false}          | services.web.member_tls.verfy: unknown key, did you mean verify?",
                "always                  | services.web.member_tls: always (expected: true or false)"
            })
    void whatIsBadlyWrittenIsSaid(String value, String message) {
        assertThat(files.problems("services: {web: {servers: ['h:1'], member_tls: " + value + "}}"))
                .anySatisfy(problem -> assertThat(problem).endsWith(message));
    }
}

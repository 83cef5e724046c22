package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.server.BindAddress;
import io.myelin.tls.CertificateFiles;
import io.myelin.tls.ClientAuth;
import io.myelin.tls.SessionConfig;
import io.myelin.tls.TlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class NativeTlsTest {
    private static final String CERTIFICATE = "../config/examples/tls/example.crt";
    private static final String KEY = "../config/examples/tls/example.key";
    private static final String PAIR = "certificate: " + CERTIFICATE + ", key: " + KEY;

    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void aServiceMayBeEncrypted() {
        assertThat(tls("{" + PAIR + "}")).isEqualTo(TlsConfig.of(CERTIFICATE, KEY));
        assertThat(tls("{" + PAIR + ", strict_sni: true, protocols: TLSv1.3, ciphers: [ECDHE-RSA-AES128-GCM-SHA256],"
                        + " curves: [X25519, P-256], alpn: [http/1.1], client_auth: {ca: " + CERTIFICATE
                        + "}, handshake_timeout: 3s, session: {tickets: false, lifetime: 5m, cache: 7},"
                        + " certificates: [{" + PAIR + ", names: [A.test]}]}"))
                .isEqualTo(TlsConfig.of(List.of(
                                CertificateFiles.of(CERTIFICATE, KEY),
                                new CertificateFiles(CERTIFICATE, KEY, List.of("a.test"))))
                        .with()
                        .strictSni(true)
                        .protocols(List.of("TLSv1.3"))
                        .ciphers(List.of("ECDHE-RSA-AES128-GCM-SHA256"))
                        .groups(List.of("x25519", "secp256r1"))
                        .alpn(List.of("http/1.1"))
                        .clientAuth(new ClientAuth(CERTIFICATE, true, null))
                        .handshakeTimeout(Duration.ofSeconds(3))
                        .sessions(new SessionConfig(false, Duration.ofMinutes(5), 7))
                        .build());
    }

    @Test
    void clientsAreAskedAsTheModeSays() {
        assertThat(auth("{ca: " + CERTIFICATE + ", mode: optional}"))
                .isEqualTo(new ClientAuth(CERTIFICATE, false, null));
        assertThat(auth("{ca: " + CERTIFICATE + ", mode: none}")).isNull();
    }

    @Test
    void frontendsAndOperatorsMayBeEncryptedToo() {
        String yaml = "{admin: {address: '127.0.0.1:7', tls: {" + PAIR + ", client_ca: " + CERTIFICATE
                + "}}, frontends: {edge: {bind: ':9', tls: {" + PAIR
                + "}}}, services: {web: {servers: ['h:1'], routes: [{host: a}]}}}";
        assertThat(files.problems(yaml)).isEmpty();
        assertThat(files.load(yaml).config().admin().options().tls())
                .isEqualTo(TlsConfig.of(CERTIFICATE, KEY)
                        .with()
                        .clientAuth(new ClientAuth(CERTIFICATE, true, null))
                        .build());
        BindAddress address =
                files.load(yaml).config().frontends().get(0).addresses().get(0);
        assertThat(address.options().tls()).isEqualTo(TlsConfig.of(CERTIFICATE, KEY));
    }

    @Test
    void oneFrontendMayListenWithAndWithout() {
        String yaml = "{frontends: {edge: {bind: [':9', {address: ':10', tls: {" + PAIR
                + "}}]}}, services: {web: {servers: ['h:1'], routes: [{host: a}]}}}";
        assertThat(files.problems(yaml)).isEmpty();
        assertThat(files.load(yaml).config().frontends().get(0).addresses())
                .extracting(address -> address.options().tls())
                .containsExactly(null, TlsConfig.of(CERTIFICATE, KEY));
        assertThat(files.problems(yaml.replace("address: ':10',", "")))
                .anySatisfy(each -> assertThat(each).contains("frontends.edge.bind[1]: has no address (expected: "));
    }

    @Test
    void aNativeKeyCountsInsteadOfWhatHaproxySays() {
        String yaml = "services: {web: {default_servers: ['h:1'], haproxy: {port: 1}, tls: {" + PAIR + "}}}";
        assertThat(Objects.requireNonNull(files.service(yaml).listener())
                        .addresses()
                        .get(0)
                        .options()
                        .tls())
                .isEqualTo(TlsConfig.of(CERTIFICATE, KEY));
        assertThat(files.problems(yaml))
                .anySatisfy(
                        each -> assertThat(each).contains("services.web.tls: is used instead of what haproxy says"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                    | tls: has no certificate (expected: a PEM file with a certificate and its private key)",
                "{certificate: /nowhere}               | tls: /nowhere is not there (expected: a PEM file with a certificate and its private key)",
                "{certificate: CRT}                    | tls: CRT has no private key, and there is none in CRT.key (expected: a PEM file with a certificate and its private key)",
                "{key: KEY}                            | tls.key: belongs to no certificate (expected: certificate)",
                "{PAIR, protocols: [SSLv3]}            | tls.protocols: SSLv3 (expected: TLSv1.2 or TLSv1.3)",
                "{PAIR, ciphers: [ROT13]}              | tls.ciphers: ROT13 (expected: a cipher of TLS 1.2, such as ECDHE-ECDSA-AES128-GCM-SHA256)",
                "{PAIR, curves: [c]}                   | tls.curves: c (expected: x25519, secp256r1, secp384r1 or secp521r1)",
                "{PAIR, alpn: [h2]}                    | tls.alpn: h2 (expected: http/1.1, which is what listeners speak)",
                "{PAIR, client_auth: {mode: optional}} | tls.client_auth: has no ca (expected: a PEM file with certificates)",
                "{PAIR, client_auth: {ca: KEY}}        | tls: KEY has no certificate (expected: a PEM file with a certificate and its private key)",
                "{PAIR, session: {lifetime: 1ms}}      | tls.session.lifetime: 1ms (expected: 1s or more)",
                "{PAIR, certificates: [{names: a}]}    | tls.certificates[0]: has no certificate (expected: a PEM file with a certificate and its private key)",
                "{PAIR, certficates: a}                | tls.certficates: unknown key, did you mean certificates?"
            })
    void whatCannotBeUsedIsSaid(String tls, String message) {
        assertThat(files.problems(yaml(named(tls))))
                .anySatisfy(problem -> assertThat(problem).endsWith("services.web." + named(message)));
    }

    private static String named(String text) {
        return text.replace("PAIR", PAIR).replace("CRT", CERTIFICATE).replaceAll("\\bKEY\\b", KEY);
    }

    private @Nullable ClientAuth auth(String auth) {
        return tls("{" + PAIR + ", client_auth: " + auth + "}").clientAuth();
    }

    private TlsConfig tls(String tls) {
        assertThat(files.problems(yaml(tls))).isEmpty();
        return Objects.requireNonNull(
                Objects.requireNonNull(files.service(yaml(tls)).listener())
                        .addresses()
                        .get(0)
                        .options()
                        .tls());
    }

    private static String yaml(String tls) {
        return "services: {web: {servers: ['h:1'], port: 1, tls: " + tls + "}}";
    }
}

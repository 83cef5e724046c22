package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.ServiceConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import io.myelin.tls.CertificateFiles;
import io.myelin.tls.ClientAuth;
import io.myelin.tls.SessionConfig;
import io.myelin.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class TlsLinesTest {
    private static final String CERTIFICATE = "../proxy-core/src/test/resources/tls/localhost.pem";

    @TempDir
    Path directory;

    private ConfigFiles files = new ConfigFiles(Path.of(""));

    @BeforeEach
    void useDirectory() {
        files = new ConfigFiles(directory);
    }

    @Test
    void aBindMayBeEncrypted() {
        ServiceConfig service =
                files.service("services: {web: {default_servers: ['h:1'], haproxy: {port: 1, bind_options:"
                        + " 'ssl no-sslv3 crt " + CERTIFICATE
                        + " ciphers ECDHE-RSA-AES128-GCM-SHA256:!RC4:HIGH', frontend:"
                        + " ['bind :2 accept-proxy ssl crt " + CERTIFICATE + "', 'bind :3']}}}");

        BindOptions first = BindOptions.DEFAULT.withTls(TlsConfig.of(CERTIFICATE, null)
                .with()
                .ciphers(List.of("ECDHE-RSA-AES128-GCM-SHA256"))
                .build());
        BindOptions second = BindOptions.DEFAULT.withAcceptProxy(true).withTls(TlsConfig.of(CERTIFICATE, null));
        assertThat(Objects.requireNonNull(service.listener()).addresses())
                .containsExactly(
                        new BindAddress("localhost", 1).with(first),
                        new BindAddress("*", 2).with(second),
                        new BindAddress("*", 3));
    }

    @ParameterizedTest
    @CsvSource({
        "no-tlsv12, TLSv1.3",
        "no-tlsv13, TLSv1.2",
        "force-tlsv12, TLSv1.2",
        "ssl-min-ver TLSv1.3, TLSv1.3",
        "ssl-max-ver TLSv1.2, TLSv1.2",
        "ssl-min-ver TLSv1.1 ssl-max-ver TLSv1.2, TLSv1.1 TLSv1.2"
    })
    void versionsAreRead(String options, String versions) {
        BindAddress address = Objects.requireNonNull(files.service("services: {web: {default_servers: ['h:1'], haproxy:"
                                + " {port: 1, bind_options: 'ssl crt " + CERTIFICATE + " " + options + "'}}}")
                        .listener())
                .addresses()
                .get(0);

        assertThat(Objects.requireNonNull(address.options().tls()).protocols())
                .containsExactly(versions.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssl                                    | ssl without crt (expected: ssl crt FILE)",
                "ssl crt /nowhere                       | crt: /nowhere is not there (expected: a PEM file with a certificate and its private key)",
                "ssl crt C no-tlsv12 no-tlsv13          | no version of TLS is left (expected: ssl crt FILE)",
                "ssl crt C ssl-min-ver SSLv3            | `SSLv3` is not a version of TLS (expected: TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3)",
                "ssl crt C verify required              | verify required without ca-file (expected: ca-file FILE)",
                "ssl crt C verify maybe                 | verify: `maybe` (expected: none, optional or required)",
                "ssl crt C verify required ca-file /ca  | crt: /ca is not there (expected: a PEM file with a certificate and its private key)",
                "ssl crt-list /list                     | crt-list /list cannot be read (expected: a file with a certificate in each line)"
            })
    void whatCannotBeUsedBreaksItsServiceOnly(String options, String message) {
        String line = options.replace("crt C", "crt " + CERTIFICATE);
        String yaml = "services: {web: {default_servers: ['h:1'], haproxy: {port: 1, bind_options: '" + line
                + "'}}, api: {default_servers: ['h:1'], haproxy: {port: 2}}}";

        assertThat(files.problems(yaml))
                .contains("0.yaml:1:77: services.web.haproxy.bind_options: `" + line + "`: " + message);
        assertThat(files.load(yaml).brokenServices()).containsExactly("web");
        assertThat(files.load(yaml).config().services())
                .extracting(ServiceConfig::name)
                .containsExactly("api");
    }

    @Test
    void everythingThatHaproxySaysOfTlsIsRead() throws IOException {
        Path list = Files.writeString(
                directory.resolve("list"), "# mine\n\n" + CERTIFICATE + " a.test *.b.test\n" + CERTIFICATE + "\n");
        TlsConfig config =
                tls("ssl crt " + CERTIFICATE + " crt-list " + list + " strict-sni alpn http/1.1 no-tls-tickets"
                        + " curves X25519:P-256 ca-file " + CERTIFICATE + " verify optional");

        assertThat(config)
                .isEqualTo(TlsConfig.of(List.of(
                                CertificateFiles.of(CERTIFICATE, null),
                                new CertificateFiles(CERTIFICATE, null, List.of("a.test", "*.b.test")),
                                CertificateFiles.of(CERTIFICATE, null)))
                        .with()
                        .strictSni(true)
                        .alpn(List.of("http/1.1"))
                        .groups(List.of("x25519", "secp256r1"))
                        .clientAuth(new ClientAuth(CERTIFICATE, false, null))
                        .sessions(new SessionConfig(
                                false, SessionConfig.DEFAULT.lifetime(), SessionConfig.DEFAULT.cache()))
                        .build());
    }

    @Test
    void whatWasRevokedIsReadFromAFile() {
        String ca = "examples/tls/example.crt";
        String list = "examples/tls/revoked.pem";
        String options = "ssl crt " + CERTIFICATE + " verify required ca-file " + ca + " crl-file ";

        assertThat(tls(options + list).clientAuth()).isEqualTo(new ClientAuth(ca, true, list));
        assertThat(files.problems(yaml(options + "/nowhere")))
                .singleElement()
                .satisfies(problem -> assertThat(problem).contains("crt: /nowhere is not there"));
    }

    @Test
    void settingsOfSingleCertificatesAreRefused() throws IOException {
        Path list = Files.writeString(directory.resolve("list"), CERTIFICATE + " [alpn h2] a.test\n");
        assertThat(files.problems(yaml("ssl crt-list " + list)))
                .anySatisfy(problem -> assertThat(problem)
                        .endsWith("settings of single certificates are not interpreted (expected: FILE [NAME...])"));
    }

    private TlsConfig tls(String options) {
        return Objects.requireNonNull(
                Objects.requireNonNull(files.service(yaml(options)).listener())
                        .addresses()
                        .get(0)
                        .options()
                        .tls());
    }

    private static String yaml(String options) {
        return "services: {web: {default_servers: ['h:1'], haproxy: {port: 1, bind_options: '" + options + "'}}}";
    }

    @Test
    void whatHasNoEffectIsSaid() {
        assertThat(files.problems(yaml("ssl crt " + CERTIFICATE
                        + " alpn h2,http/1.1 ciphers ECDHE-ROT13 crt-ignore-err all tls-ticket-keys f allow-0rtt")))
                .extracting(message -> message.substring(message.lastIndexOf("`: ") + 3))
                .containsExactly(
                        "alpn h2 is not interpreted: clients are offered HTTP/1.1",
                        "the cipher ECDHE-ROT13 is not known: it is left out",
                        "crt-ignore-err all is not interpreted: certificates of clients have to be good",
                        "tls-ticket-keys f is not interpreted: keys of sessions are made and replaced by Myelin",
                        "allow-0rtt is not interpreted: nothing is taken before the handshake is over");
    }
}

package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.config.ServiceConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import io.myelin.tls.TlsConfig;
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

        BindOptions first = BindOptions.DEFAULT.withTls(
                new TlsConfig(CERTIFICATE, null, TlsConfig.DEFAULT_PROTOCOLS, List.of("ECDHE-RSA-AES128-GCM-SHA256")));
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
                "ssl crt C verify required ca-file /ca  | clients cannot be asked for certificates (expected: verify none)"
            })
    void whatCannotBeUsedBreaksItsServiceOnly(String options, String message) {
        String line = options.replace("crt C", "crt " + CERTIFICATE);
        String yaml = "services: {web: {default_servers: ['h:1'], haproxy: {port: 1, bind_options: '" + line
                + "'}}, api: {default_servers: ['h:1'], haproxy: {port: 2}}}";

        assertThat(files.problems(yaml))
                .containsExactly("0.yaml:1:77: services.web.haproxy.bind_options: `" + line + "`: " + message);
        assertThat(files.load(yaml).brokenServices()).containsExactly("web");
        assertThat(files.load(yaml).config().services())
                .extracting(ServiceConfig::name)
                .containsExactly("api");
    }

    @Test
    void whatHasNoEffectIsSaid() {
        assertThat(files.problems(
                        "services: {web: {default_servers: ['h:1'], haproxy: {port: 1, bind_options: 'ssl crt "
                                + CERTIFICATE + " crt other.pem alpn h2'}}}"))
                .extracting(message -> message.substring(message.lastIndexOf("`: ") + 3))
                .containsExactly(
                        "crt other.pem is not interpreted: all clients see " + CERTIFICATE,
                        "alpn h2 is not interpreted: clients are offered HTTP/1.1");
    }
}

package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.health.plugin.PluginEmulator;
import io.myelin.launcher.process.StartException;
import io.myelin.launcher.process.StartException.Reason;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS of Synse's API and towards plugins, in a whole process. */
@Timeout(60)
class SynseTlsIT {
    private static final Path FILES = Path.of("../proxy-core/src/test/resources/tls");
    static final Path LOCALHOST = FILES.resolve("localhost.pem").toAbsolutePath();
    static final Path OTHER = FILES.resolve("old-ec.pem").toAbsolutePath();
    private static final String TEST = "GET /test HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /** A ClientHello (RFC 4346 section 7.4.1.2) that offers TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA. */
    private static final byte[] HELLO_OF_TLS_1_1 =
            HexFormat.of().parseHex("160301002d" + "01000029" + "0302" + "5a".repeat(32) + "00" + "0002c013" + "0100");
    /** The alert (RFC 5246 section 7.2). */
    private static final int PROTOCOL_VERSION_ALERT = 70;

    @TempDir
    Path directory;

    @Test
    void scenario36TheApiSpeaksTlsAndTakesUpNewFilesWithoutDroppingAnybody()
            throws IOException, StartException, InterruptedException, GeneralSecurityException {
        Path certificate = Files.copy(LOCALHOST, directory.resolve("cert.pem"));
        Path key = Files.copy(LOCALHOST, directory.resolve("key.pem"));
        try (World world = world("ssl: {cert: " + certificate + ", key: " + key + "}")) {
            int port = world.port("synse");
            try (SSLSocket open = connect(port)) {
                assertThat(nameOf(open)).isEqualTo("CN=localhost");
                assertThat(ask(open)).startsWith("HTTP/1.1 200");
                try (RawClient plain = RawClient.to(port)) {
                    assertThatThrownBy(() -> plain.send(TEST).readResponse()).isNotNull();
                }
                try (RawClient old = RawClient.to(port)) {
                    old.send(HELLO_OF_TLS_1_1);
                    assertThat(old.socket().getInputStream().readNBytes(7)).endsWith(2, PROTOCOL_VERSION_ALERT);
                }

                replace(key, OTHER);
                replace(certificate, OTHER);
                Await.until("the new certificate is shown", () -> nameOf(port).equals("CN=other"));
                assertThat(ask(open)).startsWith("HTTP/1.1 200");

                Path next = Files.copy(LOCALHOST, directory.resolve("next-file.pem"));
                world.reload(yaml("ssl: {cert: " + next + ", key: " + next + "}"));
                assertThat(world.port("synse")).isEqualTo(port);
                assertThat(nameOf(port)).isEqualTo("CN=localhost");
                assertThat(ask(open)).startsWith("HTTP/1.1 200");

                Path broken = Files.writeString(directory.resolve("broken.pem"), "nothing");
                world.reload(yaml("ssl: {cert: " + broken + ", key: " + broken + "}"));
                assertThat(ask(open)).startsWith("HTTP/1.1 200");
                assertThat(world.admin().json("/api/v1/plugins").path("error").asText())
                        .contains("broken.pem");
            }
            assertThat(world.admin().metrics().matching("myelin_tls_certificate_expiry_seconds", "synse"))
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ssl: {cert: PEM}; synse.ssl.cert: is set without key",
                "ssl: {cert: PEM, key: /nowhere}; synse.ssl.key: key not found: /nowhere",
                "grpc: {tls: {cert: /nowhere}}; gRPC cert not found: /nowhere"
            })
    void scenario36And37AFileThatIsMissingEndsTheStartWithItsKey(String keys, String message) {
        assertThatThrownBy(() -> world(keys.replace("PEM", LOCALHOST.toString())))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFIGURATION))
                .hasMessageContaining(message);
    }

    @Test
    void scenario36AFileThatIsNoCertificateEndsTheStart() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.pem"), "nothing");

        assertThatThrownBy(() -> world("ssl: {cert: " + broken + ", key: " + broken + "}"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("broken.pem");
        assertThatThrownBy(() -> world("grpc: {tls: {cert: " + broken + "}}"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("broken.pem");
    }

    @ParameterizedTest
    @CsvSource({
        "good, false, '', '', true",
        "good, false, localhost, '', true",
        "good, false, elsewhere, '', false",
        "other, false, '', '', false",
        "good, true, '', '', false",
        "good, true, '', good, true",
        "plain, false, '', '', false"
    })
    void scenario37PluginsAreTrustedByTheirAuthorityAndName(
            String authority, boolean asked, String name, String shown, boolean active)
            throws IOException, StartException, InterruptedException {
        boolean plain = authority.equals("plain");
        PluginEmulator.Builder builder = PluginEmulator.of("P");
        try (PluginEmulator plugin = plain
                        ? builder.start()
                        : builder.tls(LOCALHOST, LOCALHOST, asked ? LOCALHOST : null)
                                .start();
                World world =
                        world("plugin: {tcp: ['" + plugin.address().text() + "']}, grpc: {timeout: 1, tls: {cert: "
                                + (authority.equals("other") ? OTHER : LOCALHOST)
                                + (name.isEmpty() ? "" : ", server_name: " + name)
                                + (shown.isEmpty() ? "" : ", client_cert: " + LOCALHOST + ", client_key: " + LOCALHOST)
                                + "}}")) {
            Admin api = Admin.at("http://127.0.0.1:" + world.port("synse"));
            if (active) {
                SynseIT.awaitActive(api, "P");
            } else {
                assertThat(api.get("/v3/plugin?refresh=true").body()).doesNotContain("\"P\"");
                assertThat(plugin.calls()).isZero();
            }
        }
    }

    @Test
    void scenario37WhatVouchesForPluginsIsReadAgainWhenItChanges()
            throws IOException, StartException, InterruptedException {
        Path authority = Files.copy(OTHER, directory.resolve("ca.pem"));
        try (PluginEmulator plugin =
                        PluginEmulator.of("P").tls(LOCALHOST, LOCALHOST, null).start();
                World world = world(
                        "plugin: {tcp: ['" + plugin.address().text() + "']}, grpc: {tls: {cert: " + authority + "}}")) {
            Admin api = Admin.at("http://127.0.0.1:" + world.port("synse"));
            assertThat(api.get("/v3/plugin?refresh=true").body()).doesNotContain("\"P\"");

            replace(authority, LOCALHOST);

            Await.until(
                    "P is registered",
                    () -> api.get("/v3/plugin?refresh=true").body().contains("\"P\""));
        }
    }

    /** Returns a client that takes any certificate. */
    static HttpClient trusting() {
        try {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(TlsListenerIT.trustingAll())
                    .build();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private World world(String keys) throws IOException, StartException, InterruptedException {
        return World.from(directory, yaml(keys));
    }

    private static String yaml(String keys) {
        return "synse: {address: '127.0.0.1:0', " + keys + "}";
    }

    /** Puts a file with that content in the place of {@code file}, at once. */
    static void replace(Path file, Path content) throws IOException {
        Path next = Files.copy(content, file.resolveSibling("next"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String ask(SSLSocket tls) throws IOException {
        tls.getOutputStream().write(TEST.getBytes(ISO_8859_1));
        StringBuilder text = new StringBuilder();
        while (text.indexOf("}") < 0) {
            byte[] next = tls.getInputStream().readNBytes(1);
            assertThat(next).as("the answer ended: %s", text).isNotEmpty();
            text.append(new String(next, ISO_8859_1));
        }
        String left = new String(tls.getInputStream().readNBytes(1), ISO_8859_1);
        return text + left;
    }

    /** Returns whose certificate is shown at {@code port}, or what went wrong. */
    static String nameOf(int port) {
        try (SSLSocket tls = connect(port)) {
            return nameOf(tls);
        } catch (IOException | GeneralSecurityException e) {
            return String.valueOf(e);
        }
    }

    private static String nameOf(SSLSocket tls) throws IOException {
        tls.startHandshake();
        return ((X509Certificate) tls.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private static SSLSocket connect(int port) throws IOException, GeneralSecurityException {
        SSLSocket socket = (SSLSocket)
                TlsListenerIT.trustingAll().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }
}

package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scenario 1's listener with TLS, and what becomes of one whose certificate is missing. */
@Timeout(60)
class TlsListenerIT {
    private static final Path FILES = Path.of("../proxy-core/src/test/resources/tls");
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n";

    @TempDir
    Path directory;

    private final LoopbackBackend member = LoopbackBackend.running(conversation -> {
        for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
            String body =
                    head.contains("X-Secure: 1") && head.contains("X-Forwarded-Proto: https") ? "secure" : "plain";
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }
    });

    @AfterEach
    void close() {
        member.close();
    }

    @Test
    void scenario01AServiceIsServedWithTlsAndAnotherWithout()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        Path certificate = Files.copy(FILES.resolve("localhost.pem"), directory.resolve("site.pem"));
        try (World world = World.from(directory, yaml(certificate))) {
            assertThat(world.errors()).isEmpty();
            int port = world.port("service1");
            assertThat(ask(port, GET)).startsWith("HTTP/1.1 200").endsWith("secure");
            try (RawClient plain = RawClient.to(world.port("service2"))) {
                assertThat(plain.send(GET).readResponse().body()).isEqualTo("plain");
            }
            try (SSLSocket tls = connect(port)) {
                assertThat(nameOf(tls)).isEqualTo("CN=localhost");
                for (int i = 0; i < 3; i++) {
                    tls.getOutputStream().write("GET / HTTP/1.1\r\nHost: web\r\n\r\n".getBytes(ISO_8859_1));
                    assertThat(readUntil(tls, "secure")).startsWith("HTTP/1.1 200");
                }
            }

            Path other = Files.copy(FILES.resolve("old-ec.pem"), directory.resolve("next.pem"));
            Files.move(other, certificate, StandardCopyOption.REPLACE_EXISTING);
            Await.until("the new certificate is shown", () -> nameOf(port).equals("CN=other"));

            Files.writeString(certificate, "cut short");
            Await.until("the file is looked at", () -> nameOf(port).equals("CN=other"));
            assertThat(ask(port, GET)).endsWith("secure");
        }
    }

    @Test
    void scenario01AMissingCertificateHarmsItsServiceOnly() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(directory.resolve("nowhere.pem")))) {
            assertThat(world.errors()).contains("nowhere.pem is not there").contains("service service1: not started");
            try (RawClient plain = RawClient.to(world.port("service2"))) {
                assertThat(plain.send(GET).readResponse().body()).isEqualTo("plain");
            }
        }
    }

    @Test
    void aTunnelMayBeEncryptedAndPrecededByAProxyHeader()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        String yaml = yaml(FILES.resolve("key-beside.pem"))
                .replace("bind_options: ssl", "bind_options: accept-proxy ssl")
                .replace("mode http", "mode tcp")
                .replaceAll("mode tcp, .*\\]", "mode tcp]");
        try (World world = World.from(directory, yaml);
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), world.port("service1"))) {
            plain.setSoTimeout(10_000);
            plain.getOutputStream().write("PROXY TCP4 203.0.113.7 203.0.113.80 4711 443\r\n".getBytes(ISO_8859_1));
            try (SSLSocket tls = (SSLSocket)
                    trustingAll().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true)) {
                tls.getOutputStream().write(GET.getBytes(ISO_8859_1));
                assertThat(new String(tls.getInputStream().readNBytes(12), ISO_8859_1))
                        .isEqualTo("HTTP/1.1 200");
            }
        }
    }

    @Test
    void whoSpeaksPlainTextIsTurnedAway() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(FILES.resolve("localhost.pem")));
                RawClient plain = RawClient.to(world.port("service1"))) {
            assertThatThrownBy(() -> plain.send(GET).readResponse()).isNotNull();
            assertThat(member.received()).isEmpty();
        }
    }

    private String yaml(Path certificate) {
        return """
                services:
                  service1:
                    default_servers: ["127.0.0.1:%1$d"]
                    haproxy:
                      port: 0
                      bind_options: ssl no-sslv3 crt %2$s
                      listen: [mode http, option forwardfor, "http-request set-header X-Secure 1 if { ssl_fc }"]
                  service2:
                    default_servers: ["127.0.0.1:%1$d"]
                    haproxy:
                      port: 0
                      listen: [mode http, "http-request set-header X-Secure %%[ssl_fc]"]
                """.formatted(member.port(), certificate);
    }

    private static String ask(int port, String request) throws IOException, GeneralSecurityException {
        try (SSLSocket tls = connect(port)) {
            tls.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(tls.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static String readUntil(SSLSocket tls, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            byte[] next = tls.getInputStream().readNBytes(1);
            assertThat(next).as("the answer ended: %s", text).isNotEmpty();
            text.append(new String(next, ISO_8859_1));
        }
        return text.toString();
    }

    private static String nameOf(int port) {
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
        SSLSocket socket =
                (SSLSocket) trustingAll().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    static SSLContext trustingAll() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        return context;
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

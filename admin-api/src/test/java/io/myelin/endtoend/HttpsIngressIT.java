package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ingress and bindings over https, with the certificate for development and with one that the file names. */
@Timeout(60)
class HttpsIngressIT {
    private static final Path GIVEN =
            Path.of("../proxy-core/src/test/resources/tls/localhost.pem").toAbsolutePath();

    @TempDir
    Path directory;

    @Test
    void scenario20AnIngressOverHttpsShowsACertificateThatUsersMayTrust()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        try (SwitchableServer server = new SwitchableServer("a", 0)) {
            String yaml = yaml(server.port());
            Path trusted = directory.resolve("run/development.crt");
            byte[] first;
            try (World world = World.from(directory, yaml)) {
                assertThat(world.errors()).isEmpty();
                int port = world.port("edge");
                assertThat(world.output())
                        .contains("listening edge https 127.0.0.1:" + port)
                        .contains("listening edge http 127.0.0.1:" + plainPort(world));
                first = Files.readAllBytes(trusted);
                assertThat(ask(port, "localhost", "/A/echo", trusted))
                        .contains("X-Forwarded-Proto: https\r\n")
                        .contains("X-Forwarded-Host: localhost:81\r\n")
                        .contains("X-Forwarded-For: 127.0.0.1\r\n");
                assertThat(ask(port, "shop.example.com", "/A/x", trusted)).endsWith("a /x");
                assertThat(ask(port, "b.wild.example.com", "/A/x", trusted)).endsWith("a /x");
                try (RawClient plain = RawClient.to(plainPort(world))) {
                    assertThat(plain.send("GET /A/echo HTTP/1.1\r\nHost: localhost:81\r\n\r\n")
                                    .readResponse()
                                    .body())
                            .contains("X-Forwarded-Proto: http\r\n");
                }

                BlockingQueue<String> heard = new LinkedBlockingQueue<>();
                WebSocket socket = HttpClient.newBuilder()
                        .sslContext(trusting(trusted))
                        .build()
                        .newWebSocketBuilder()
                        .buildAsync(URI.create("wss://127.0.0.1:" + port + "/A/ws"), new IngressIT.Ear(heard))
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join();
                socket.sendText("hello", true).join();
                assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("text hello");
                socket.abort();

                // The binding of a service, whose replicas need not know of it.
                assertThat(ask(world.port("web"), "localhost", "/", trusted)).contains("503");
                // A certificate that the file names.
                assertThat(ask(world.port("given"), "localhost", "/A/x", GIVEN)).endsWith("a /x");

                world.reload(yaml.replace("path: /A", "path: /B"));
                assertThat(ask(port, "localhost", "/B/x", trusted)).endsWith("a /x");
                assertThat(Files.readAllBytes(trusted)).isEqualTo(first);

                world.reload(yaml.replace("shop.example.com", "other.example.com"));
                first = Files.readAllBytes(trusted);
                Await.until("the certificate of more names is shown", () -> shown(port, trusted));
                assertThat(ask(port, "other.example.com", "/A/x", trusted)).endsWith("a /x");
                assertThat(ask(port, "shop.example.com", "/A/x", trusted)).endsWith("a /x");
            }
            try (World again = World.from(directory, yaml)) {
                assertThat(Files.readAllBytes(trusted)).as("kept").isEqualTo(first);
                assertThat(ask(again.port("edge"), "localhost", "/A/x", trusted))
                        .endsWith("a /x");
            }
        }
    }

    @Test
    void anIngressSpeaksTlsWithReplicasWhoseOwnBindingPassesItOn()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        Path openssl = Path.of("/usr/bin/openssl");
        assumeTrue(Files.isExecutable(openssl), openssl + " is not there: apt-get install openssl");
        Path script = Files.writeString(
                directory.resolve("serve.sh"),
                "exec openssl s_server -quiet -www -accept 127.0.0.1:$PORT -cert %1$s -key %1$s".formatted(GIVEN));
        String yaml = """
                replicas: {run_dir: %1$s/run}
                ingress:
                - name: edge
                  bindings: [{name: plain}]
                  rules: [{path: /A, service: web}]
                services:
                - name: web
                  executable: /bin/sh
                  args: %2$s
                  bindings: [{protocol: https}]
                """.formatted(directory, script);
        try (World world = World.from(directory, yaml)) {
            Await.until("the replica answers the ingress", () -> plain(world).startsWith("200 "));
            assertThat(plain(world)).contains("s_server");

            assertThat(ask(world.port("web"), "localhost", "/", GIVEN)).contains("s_server");
        }
    }

    private static String plain(World world) {
        try (RawClient client = RawClient.to(world.port("edge"))) {
            Response response =
                    client.send("GET /A/ HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
            return response.status() + " " + response.body();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void aCertificateThatCannotBeMadeHarmsOnlyTheListenersThatNeedIt()
            throws IOException, InterruptedException, StartException {
        Files.writeString(directory.resolve("run"), "a file");
        try (SwitchableServer server = new SwitchableServer("a", 0);
                World world = World.from(directory, yaml(server.port()))) {
            assertThat(world.errors())
                    .contains("listener edge 127.0.0.1:0: ")
                    .contains("run/development.pem")
                    .contains("the rest runs");
            assertThat(plainPort(world)).isPositive();
            assertThat(world.port("given")).isPositive();
        }
    }

    private static boolean shown(int port, Path trusted) {
        try {
            return ask(port, "other.example.com", "/A/x", trusted).endsWith("a /x");
        } catch (IOException notYet) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static int plainPort(World world) {
        return world.listeners().stream()
                .filter(one -> one.listener().equals("edge"))
                .filter(one -> one.configured().options().tls() == null)
                .findFirst()
                .orElseThrow()
                .boundPort();
    }

    private String yaml(int port) {
        return """
                replicas: {run_dir: %1$s/run}
                ingress:
                - name: edge
                  bindings:
                  - {name: secure, protocol: https}
                  - {name: plain}
                  rules:
                  - {path: /A, service: a}
                  - {path: /A, service: a, host: shop.example.com}
                  - {path: /A, service: a, host: "*.wild.example.com"}
                - name: given
                  bindings: [{protocol: https, certificate: %2$s}]
                  rules: [{path: /A, service: a}]
                services:
                - {name: a, external: true, bindings: [{port: %3$d, protocol: http}]}
                - {name: web, executable: sleep, args: "300", replicas: 0,
                   bindings: [{protocol: https, certificate: development}]}
                """.formatted(directory, GIVEN, port);
    }

    /** Asks as a client that trusts nothing but {@code trusted}, and wants the certificate to name the host. */
    private static String ask(int port, String host, String path, Path trusted)
            throws IOException, GeneralSecurityException {
        SSLContext context = trusting(trusted);
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
            socket.setSoTimeout(10_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + ":81\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static SSLContext trusting(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            store.setCertificateEntry(
                    "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}

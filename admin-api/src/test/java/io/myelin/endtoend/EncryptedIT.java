package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestAuthority;
import io.myelin.testing.TlsClient;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything that listens speaks TLS: services, frontends, and the listener of operators. */
@Timeout(60)
class EncryptedIT {
    private static final TestAuthority AUTHORITY = TestAuthority.named("authority");
    private static final String GET = "GET / HTTP/1.1\r\nHost: web.test\r\n\r\n";

    @TempDir
    Path directory;

    private final LoopbackBackend member = LoopbackBackend.running(conversation -> {
        for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
            String seen = head.lines()
                    .filter(line -> line.startsWith("X-"))
                    .sorted()
                    .reduce("", (before, line) -> before + line + "\n");
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + seen.length() + "\r\n\r\n" + seen);
        }
    });

    @AfterEach
    void close() {
        member.close();
    }

    @Test
    void rulesAndMembersLearnOfTheClientsCertificate()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        Path certificate = TestAuthority.write(directory.resolve("web.pem"), AUTHORITY.issue("web.test"));
        Path ca = AUTHORITY.write(directory.resolve("ca.pem"));
        Path log = directory.resolve("access.log");
        String yaml = """
                services:
                  web:
                    port: "127.0.0.1:0"
                    servers: ["127.0.0.1:%1$d"]
                    forwarded_for: append
                    tls: {certificate: %2$s, client_auth: {ca: %3$s, mode: optional}}
                    request_headers:
                      set:
                        X-Client: "%%[ssl_c_s_dn(CN)]"
                        X-Sni: "%%[ssl_fc_sni]"
                  lines:
                    default_servers: ["127.0.0.1:%1$d"]
                    haproxy:
                      port: 0
                      bind_options: ssl crt %2$s ca-file %3$s verify optional
                      listen:
                        - mode http
                        - "http-request deny unless { ssl_c_used } or { ssl_fc_sni -m end .test }"
                        - "http-request set-header X-Name %%[ssl_c_s_dn]"
                        - "http-request set-header X-Issuer %%[ssl_c_i_dn(cn)]"
                        - "http-request set-header X-Version %%[ssl_fc_protocol]"
                        - "http-request set-header X-Sha1 %%{+Q}[ssl_c_sha1,hex,lower]"
                        - "http-request set-header X-Resumed %%[ssl_fc_is_resumed]"
                        - "http-request set-header X-Again yes if { ssl_fc_is_resumed }"
                access_log: {to: '%4$s', format: json}
                """.formatted(member.port(), certificate, ca, log);
        X509Bundle somebody = AUTHORITY.issueClient("CN=some/body,O=M\u00fcller,C=NL");
        byte[] sha1 = MessageDigest.getInstance("SHA-1")
                .digest(somebody.getCertificate().getEncoded());
        try (World world = World.from(directory, yaml)) {
            assertThat(world.errors()).isEmpty();
            TlsClient known = TlsClient.trusting(AUTHORITY, somebody).asking("web.test");
            assertThat(ask(known, world.port("web")))
                    .contains("X-Client: some/body\n", "X-Sni: web.test\n", "X-Forwarded-Proto: https\n");
            assertThat(ask(known, world.port("lines")))
                    .contains(
                            "X-Name: /C=NL/O=M\u00c3\u00bcller/CN=some/body\n",
                            "X-Issuer: authority\n",
                            "X-Resumed: 0\n",
                            "X-Sha1: \"" + HexFormat.of().formatHex(sha1) + "\"\n",
                            "X-Version: TLSv1.3\n");
            // Lines of requests on different event loops are written in any order.
            awaitLines(log, 2);
            assertThat(ask(known, world.port("lines"))).contains("X-Resumed: 1\n", "X-Again: yes\n");
            List<JsonNode> said =
                    awaitLines(log, 3).stream().map(line -> line.path("tls")).toList();
            assertThat(said).allMatch(tls -> tls.path("sni").asText().equals("web.test"));
            assertThat(said).allMatch(tls -> tls.path("subject").asText().equals("/C=NL/O=M\u00fcller/CN=some/body"));
            assertThat(said.get(2).path("resumed").asBoolean()).isTrue();
            TlsClient stranger = TlsClient.trusting(AUTHORITY);
            assertThat(ask(stranger, world.port("web"))).contains("X-Client: \n");
            try (RawClient denied = stranger.open(world.port("lines"))) {
                assertThat(denied.send(GET).readResponse().status()).isEqualTo(403);
            }
        }
    }

    @Test
    void tunnelsGoWhereTheNameSaysThatTheClientAskedFor()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        Path certificate = TestAuthority.write(directory.resolve("web.pem"), AUTHORITY.issue("a.test", "b.test"));
        String yaml = """
                services:
                  a:
                    default_servers: ["127.0.0.1:%1$d"]
                    haproxy:
                      port: 0
                      bind_options: ssl crt %3$s
                      listen: [mode tcp, "use_backend b if { ssl_fc_sni b.test }"]
                  b:
                    default_servers: ["127.0.0.1:%2$d"]
                    haproxy: {listen: [mode tcp]}
                """;
        try (LoopbackBackend first = LoopbackBackend.answering("first");
                LoopbackBackend second = LoopbackBackend.answering("second");
                World world = World.from(directory, yaml.formatted(first.port(), second.port(), certificate))) {
            assertThat(world.errors()).isEmpty();
            TlsClient client = TlsClient.trusting(AUTHORITY);
            assertThat(ask(client.asking("a.test"), world.port("a"))).isEqualTo("first");
            assertThat(ask(client.asking("b.test"), world.port("a"))).isEqualTo("second");
        }
    }

    @Test
    void operatorsSeeCertificatesHandshakesAndWhatIsWrong()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        X509Bundle old = AUTHORITY.issue(
                builder -> builder.notAfter(Instant.now().plus(Duration.ofHours(10))), "web.test", "www.web.test");
        Path certificate = Files.writeString(directory.resolve("tls.crt"), old.getCertificatePathPEM());
        Path key = Files.writeString(directory.resolve("tls.key"), old.getPrivateKeyPEM());
        Path ca = AUTHORITY.write(directory.resolve("ca.pem"));
        Path list = AUTHORITY.revoke(directory.resolve("crl.pem"), Instant.now().plus(Duration.ofHours(10)), old);
        String yaml = """
                frontends:
                  edge:
                    bind: "127.0.0.1:0"
                    default: web
                    tls: {certificate: %2$s, key: %3$s, client_auth: {ca: %4$s, mode: optional, crl: %5$s}}
                services:
                  web: {servers: ["127.0.0.1:%1$d"]}
                """.formatted(member.port(), certificate, key, ca, list);
        try (World world = World.from(directory, yaml)) {
            TlsClient client = TlsClient.trusting(AUTHORITY);
            int port = world.port("edge");
            ask(client, port);
            ask(client, port);
            try (RawClient plain = RawClient.to(port)) {
                plain.send(GET).readToEnd();
            }
            JsonNode tls = world.admin()
                    .await(
                            "/api/v1/listeners",
                            "a failure is counted",
                            listeners -> listeners.at("/0/tls/failures/notTls").asInt() == 1)
                    .at("/0/tls");
            assertThat(tls.at("/handshakes").asInt()).isEqualTo(2);
            assertThat(tls.at("/resumed").asInt()).isEqualTo(1);
            assertThat(tls.at("/certificates/0/subject").asText()).isEqualTo("CN=web.test");
            assertThat(tls.at("/certificates/0/names/1").asText()).isEqualTo("www.web.test");
            assertThat(tls.at("/certificates/0/fingerprint").asText()).hasSize(64);
            assertThat(Instant.parse(tls.at("/certificates/0/notAfter").asText()))
                    .isEqualTo(old.getCertificate().getNotAfter().toInstant());
            assertThat(tls.at("/revocations/0/revoked").asInt()).isEqualTo(2);
            assertThat(world.admin().get("/metrics").body())
                    .containsPattern(
                            "myelin_tls_revocation_list_expiry_seconds\\{.*issuer=\"CN=authority\",.*} 3[56]\\d\\d\\d")
                    .contains("myelin_tls_handshakes_total{address=\"127.0.0.1:0\",listener=\"edge\"} 2")
                    .contains("myelin_tls_resumed_handshakes_total{address=\"127.0.0.1:0\",listener=\"edge\"} 1")
                    .containsPattern("myelin_tls_handshake_failures_total\\{.*reason=\"not_tls\"} 1")
                    .containsPattern(
                            "myelin_tls_certificate_expiry_seconds\\{.*subject=\"CN=web.test\",.*} 3[56]\\d\\d\\d");

            TestAuthority.put(key, AUTHORITY.issue("x").getPrivateKeyPEM());
            Await.until(
                    "what is wrong is told",
                    () -> world.admin()
                            .get("/metrics")
                            .body()
                            .contains("myelin_tls_outdated{address=\"127.0.0.1:0\",listener=\"edge\"} 1"));
            assertThat(client.subject(port)).isEqualTo("CN=web.test");
            world.reload(yaml);
            assertThat(client.subject(port)).isEqualTo("CN=web.test");
        }
    }

    @Test
    void reloadsWithOtherCertificatesUnderLoadFailNoRequest()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        String yaml = "{services: {web: {port: \"127.0.0.1:0\", servers: [\"127.0.0.1:" + member.port()
                + "\"], tls: {certificate: %s}}}}";
        Path first = TestAuthority.write(directory.resolve("first.pem"), AUTHORITY.issue("first.test"));
        TlsClient client = TlsClient.trusting(AUTHORITY);
        TlsClient loading = TlsClient.trusting(AUTHORITY);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger requests = new AtomicInteger();
        try (World world = World.from(directory, yaml.formatted(first));
                RawClient kept = client.open(world.port("web"))) {
            int port = world.port("web");
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    askTwice(loading, port);
                    requests.addAndGet(2);
                }
            });
            try {
                // Each file is named, then changed where it is.
                for (int i = 0; i < 6; i++) {
                    int before = requests.get();
                    Path file = directory.resolve("next-" + i / 2 % 2 + ".pem");
                    TestAuthority.write(file, AUTHORITY.issue("next-" + i + ".test"));
                    world.reload(yaml.formatted(file));
                    assertThat(client.subject(port)).isEqualTo("CN=next-" + i + ".test");
                    assertThat(kept.send(GET).readResponse().status()).isEqualTo(200);
                    Await.until("requests go on", () -> requests.get() > before + 4 || load.isDone());
                }
                assertThat(world.port("web")).isEqualTo(port);
            } finally {
                over.set(true);
            }
            assertThat(load).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    private static void askTwice(TlsClient client, int port) {
        try (RawClient connection = client.open(port)) {
            assertThat(connection.send(GET).readResponse().status()).isEqualTo(200);
            assertThat(connection.send(GET).readResponse().status()).isEqualTo(200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void operatorsMaySpeakTlsAndBeAskedForCertificates()
            throws IOException, InterruptedException, StartException, GeneralSecurityException {
        Path certificate = TestAuthority.write(directory.resolve("admin.pem"), AUTHORITY.issue("admin.test"));
        Path ca = AUTHORITY.write(directory.resolve("ca.pem"));
        String yaml = "{admin: {tls: {certificate: %s, client_ca: %s}}, services: {web: {port: 0, servers: [\"h:1\"]}}}"
                .formatted(certificate, ca);
        TlsClient operator = TlsClient.trusting(AUTHORITY, AUTHORITY.issueClient("CN=operator"));
        try (World world = World.from(directory, yaml)) {
            Matcher said = Pattern.compile("admin https://127.0.0.1:(\\d+)").matcher(world.output());
            assertThat(said.find()).isTrue();
            int port = Integer.parseInt(said.group(1));
            assertThat(get(operator, port, "/live")).contains("ok");
            assertThat(get(operator, port, "/metrics"))
                    .containsPattern("myelin_tls_certificate_expiry_seconds\\{.*listener=\"admin\",.*} \\d+");
            assertThat(get(operator, port, "/api/v1/process")).contains("CN=admin.test");
            try (RawClient nobody =
                    TlsClient.trusting(AUTHORITY).speaking("TLSv1.3").open(port)) {
                Await.until("who shows no certificate is refused", () -> refused(nobody));
            }

            TestAuthority.write(certificate, AUTHORITY.issue("next.test"));
            Await.until(
                    "the new certificate is shown", () -> shown(operator, port).equals("CN=next.test"));

            Path other = TestAuthority.write(directory.resolve("other.pem"), AUTHORITY.issue("other.test"));
            try (RawClient kept = operator.open(port)) {
                world.rewrite(yaml.replace(certificate.toString(), other.toString()));
                Await.until(
                        "the certificate of another file is shown",
                        () -> shown(operator, port).equals("CN=other.test"));
                assertThat(kept.send("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
            }
            world.rewrite(yaml.replace(
                    certificate.toString(), directory.resolve("nowhere.pem").toString()));
            Await.until(
                    "what cannot be used is told",
                    () -> told(operator, port, "/api/v1/process").contains("nowhere.pem is not there"));
            assertThat(shown(operator, port)).isEqualTo("CN=other.test");
        }
    }

    private static List<JsonNode> awaitLines(Path log, int count) throws IOException {
        Await.until("there are " + count + " lines in " + log, () -> lines(log).size() == count);
        List<JsonNode> parsed = new ArrayList<>();
        for (String line : lines(log)) {
            parsed.add(new ObjectMapper().readTree(line));
        }
        return parsed;
    }

    private static List<String> lines(Path log) {
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean refused(RawClient client) {
        try {
            client.send("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n").readResponse();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static String shown(TlsClient client, int port) {
        try {
            return client.subject(port);
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }

    private static String told(TlsClient client, int port, String path) {
        try {
            return get(client, port, path);
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }

    private static String get(TlsClient client, int port, String path) throws IOException {
        try (RawClient connection = client.open(port)) {
            return connection
                    .send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .readResponse()
                    .body();
        }
    }

    private static String ask(TlsClient client, int port) throws IOException {
        try (RawClient connection = client.open(port)) {
            return connection.send(GET).readResponse().body();
        }
    }
}

package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.balance.HandshakeCounter;
import io.myelin.balance.Member;
import io.myelin.model.MemberTls;
import io.myelin.model.NameSource;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.UpstreamConfig;
import io.myelin.server.BindAddress;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.MemberTlsStatus;
import io.myelin.tls.RevocationStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators see of TLS with members. */
@Timeout(20)
class MemberTlsResourceTest {
    private static final MemberTls TLS = MemberTls.VERIFIED
            .with()
            .authorities("/ca.pem")
            .revocations("/crl.pem")
            .certificate("/own.pem")
            .serverName("web.example.org")
            .nameSource(new NameSource("host"))
            .build();

    private final World world = new World();
    private AdminServer server;
    private AdminClient client;

    @BeforeEach
    void start() throws AdminBindException {
        server = AdminServer.start(new BindAddress("127.0.0.1", 0), world.process, world.clock);
        client = AdminClient.of(server);
        world.mixedPool("plain");
        Pool pool = world.mixedPool("web");
        pool.reconfigure(PoolConfig.named("web")
                .with()
                .upstream(UpstreamConfig.DEFAULT.with().tls(TLS).build())
                .build());
        world.control.runAll();
        Member member = pool.snapshot().members().get(0);
        member.onHandshake(0, HandshakeCounter.SUCCEEDED);
        member.onHandshake(1, HandshakeCounter.SUCCEEDED);
        member.onHandshake(1, HandshakeCounter.RESUMED);
        member.onHandshake(0, HandshakeCounter.WRONG_NAME);
        world.process.memberTls.add(new MemberTlsStatus(
                TLS,
                certificate("/own.pem", "CN=proxy", 10),
                List.of(certificate("/ca.pem", "CN=ca", -1), certificate("/ca.pem", "CN=ca", 100)),
                List.of(new RevocationStatus(Path.of("/crl.pem"), "CN=ca", in(1), 3)),
                "/own.pem has no certificate"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Instant in(int days) {
        return Instant.ofEpochMilli(world.clock.wallMillis()).plus(Duration.ofDays(days));
    }

    private CertificateStatus certificate(String file, String subject, int days) {
        return new CertificateStatus(Path.of(file), subject, "CN=ca", List.of(), "EC", Instant.EPOCH, in(days), "ab");
    }

    @Test
    void aServiceTellsHowItsMembersAreSpokenToAndWhatItsFilesSay() throws Exception {
        JsonNode web = client.json("/api/v1/services/web");
        JsonNode tls = web.path("memberTls").get(0);

        assertThat(web.path("memberTls")).hasSize(1);
        assertThat(tls.path("verify").asText()).isEqualTo("required");
        assertThat(tls.path("ca").asText()).isEqualTo("/ca.pem");
        assertThat(tls.path("serverName").asText()).isEqualTo("web.example.org");
        assertThat(tls.path("serverNameFrom").asText()).isEqualTo("header:host");
        assertThat(tls.path("certificate").path("subject").asText()).isEqualTo("CN=proxy");
        assertThat(tls.path("certificate").path("notAfter").asText()).isEqualTo("2023-11-24T22:13:20Z");
        assertThat(tls.path("certificate").path("fingerprint").asText()).isEqualTo("ab");
        assertThat(tls.path("trusted").findValuesAsText("subject")).containsExactly("CN=ca", "CN=ca");
        assertThat(tls.path("revocations").get(0).toString())
                .isEqualTo("{\"file\":\"/crl.pem\",\"issuer\":\"CN=ca\","
                        + "\"nextUpdate\":\"2023-11-15T22:13:20Z\",\"revoked\":3}");
        assertThat(tls.path("error").asText()).isEqualTo("/own.pem has no certificate");
        assertThat(client.json("/api/v1/services/plain").path("memberTls")).isEmpty();
    }

    @Test
    void aMemberTellsOfItsHandshakes() throws Exception {
        JsonNode tls =
                client.json("/api/v1/services/web").path("members").get(0).path("tls");

        assertThat(tls.path("serverName").asText()).isEqualTo("web.example.org");
        assertThat(tls.path("handshakes").asInt()).isEqualTo(2);
        assertThat(tls.path("resumed").asInt()).isEqualTo(1);
        assertThat(tls.path("failures").path("wrongName").asInt()).isEqualTo(1);
        assertThat(tls.path("failures").path("expired").asInt()).isZero();
        assertThat(client.json("/api/v1/services/plain")
                        .path("members")
                        .get(0)
                        .path("tls")
                        .isNull())
                .isTrue();
    }

    @Test
    void metricsTellOfHandshakesAndOfWhatExpires() throws Exception {
        String text = client.get("/metrics").body();

        String member = "{member=\"a_10.0.0.1:80\",pool=\"web\"";
        assertThat(text.lines())
                .contains(
                        "myelin_member_tls_handshakes_total" + member + "} 2.0",
                        "myelin_member_tls_resumed_handshakes_total" + member + "} 1.0",
                        "myelin_member_tls_handshake_failures_total" + member + ",reason=\"wrong_name\"} 1.0",
                        "myelin_member_tls_handshake_failures_total" + member + ",reason=\"revoked\"} 0.0",
                        "myelin_member_tls_outdated{pool=\"web\"} 1.0",
                        "myelin_member_tls_certificate_expiry_seconds"
                                + "{file=\"/own.pem\",subject=\"CN=proxy\",use=\"shown\"} 864000.0",
                        "myelin_member_tls_certificate_expiry_seconds"
                                + "{file=\"/ca.pem\",subject=\"CN=ca\",use=\"trusted\"} 8640000.0",
                        "myelin_member_tls_revocation_list_expiry_seconds"
                                + "{file=\"/crl.pem\",issuer=\"CN=ca\"} 86400.0")
                .noneMatch(line -> line.startsWith("myelin_member_tls") && line.contains("pool=\"plain\""));
    }
}

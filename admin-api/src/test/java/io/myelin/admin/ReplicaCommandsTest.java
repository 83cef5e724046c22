package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.server.BindAddress;
import io.myelin.testing.FakeClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReplicaCommandsTest {
    private static final String SERVICES = "/api/v1/services/";

    private final FakeProcess process = new FakeProcess();
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private AdminServer server;
    private AdminClient client;

    @BeforeEach
    void start() throws AdminBindException {
        process.replicaOrders = new RecordingOrders();
        server = AdminServer.start(new BindAddress("127.0.0.1", 0), process, new FakeClock());
        client = AdminClient.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void carriesOutWhatIsAskedFor() {
        assertThat(post("web/scale?replicas=3")).isEqualTo(202);
        assertThat(post("web/restart")).isEqualTo(202);
        assertThat(post("web/replicas/web_1/restart")).isEqualTo(202);

        assertThat(orders).containsExactly("scale web 3", "restart web", "restart web web_1");
    }

    @Test
    void refusesWhatIsNotKnownOrNotSaid() throws IOException {
        assertThat(post("nobody/restart")).isEqualTo(404);
        assertThat(post("nobody/scale?replicas=1")).isEqualTo(404);
        assertThat(post("web/replicas/nobody/restart")).isEqualTo(404);
        assertThat(post("web/scale")).isEqualTo(400);
        assertThat(post("web/scale?replicas=-1")).isEqualTo(400);
        assertThat(post("web/scale?replicas=1001")).isEqualTo(400);
        assertThat(client.get(SERVICES + "web/restart").statusCode()).isEqualTo(405);
        assertThat(client.json(SERVICES + "web/restart").path("message").asText())
                .isEqualTo("method: GET (expected: POST)");

        assertThat(orders).isEmpty();
    }

    @Test
    void refusesWebPagesOfOthers() throws IOException {
        String own = "127.0.0.1:" + server.address().getPort();
        assertThat(client.exchange(request(own, "Origin: http://evil.example"))).startsWith("HTTP/1.1 403");
        assertThat(orders).isEmpty();

        assertThat(client.exchange(request(own, "Origin: http://" + own))).startsWith("HTTP/1.1 202");
        assertThat(orders).containsExactly("restart web");
    }

    @Test
    void takesChangesOffLoopbackWithTheTokenOnly() {
        AdminRequest request = request("");
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9901);
        assertThat(new ChangeRule(null).check(request, loopback)).isNull();
        assertThat(status(new ChangeRule(null), request, new InetSocketAddress("192.0.2.1", 9901)))
                .isEqualTo(403);
        assertThat(status(new ChangeRule("s3cret"), request, loopback)).isEqualTo(401);
        assertThat(status(new ChangeRule("s3cret"), request("Bearer wrong"), loopback))
                .isEqualTo(401);
        assertThat(new ChangeRule("s3cret").check(request("Bearer s3cret"), new InetSocketAddress("192.0.2.1", 9901)))
                .isNull();
        assertThat(new ChangeRule("s3cret").toString()).doesNotContain("s3cret");
    }

    @Test
    void replicasAreCounted() {
        assertThat(client.get("/metrics").body())
                .contains(
                        "myelin_replicas_desired{service=\"web\"} 3.0",
                        "myelin_replicas{service=\"web\",state=\"ready\"} 2.0",
                        "myelin_replicas{service=\"web\",state=\"stopped\"} 1.0",
                        "myelin_replica_restarts_total{service=\"web\"} 7.0",
                        "myelin_replicas_given_up{service=\"web\"} 0.0",
                        "myelin_replica_store_failures_total 2.0");
    }

    private int post(String path) {
        return client.send("POST", SERVICES + path, "*/*").statusCode();
    }

    private static int status(ChangeRule rule, AdminRequest request, InetSocketAddress local) {
        var refusal = rule.check(request, local);
        assertThat(refusal).isNotNull();
        return refusal.status();
    }

    private static AdminRequest request(String authorization) {
        return new AdminRequest(
                "POST", SERVICES + "web/restart", "", "", "127.0.0.1:9901", Map.of(), "", authorization, "");
    }

    private static String request(String host, String header) {
        return "POST " + SERVICES + "web/restart HTTP/1.1\r\nHost: " + host + "\r\n" + header
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    }

    /** Knows the service web and its replica web_1. */
    private final class RecordingOrders implements ReplicaOrders {
        @Override
        public List<ReplicaCounts> counts() {
            return List.of(new ReplicaCounts("web", 3, Map.of("ready", 2, "stopped", 1), 7, 1, false));
        }

        @Override
        public boolean scale(String service, int replicas) {
            return order(service.equals("web"), "scale " + service + " " + replicas);
        }

        @Override
        public boolean restart(String service) {
            return order(service.equals("web"), "restart " + service);
        }

        @Override
        public boolean restart(String service, String replica) {
            return order(service.equals("web") && replica.equals("web_1"), "restart " + service + " " + replica);
        }

        @Override
        public long storeFailures() {
            return 2;
        }

        @Override
        public String storeTrouble() {
            return "run_dir /run: not written";
        }

        private boolean order(boolean known, String text) {
            if (known) {
                orders.add(text);
            }
            return known;
        }
    }
}

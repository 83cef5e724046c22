package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.httpd.ClientLimits;
import io.myelin.server.BindAddress;
import io.myelin.testing.Await;
import io.myelin.testing.FakeClock;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class AdminServerTest {
    private static final BindAddress ANY_PORT = new BindAddress("127.0.0.1", 0);
    private static final ClientLimits IMPATIENT =
            new ClientLimits(4, Duration.ofMillis(200), Duration.ofSeconds(60), 65_536);

    private final FakeProcess process = new FakeProcess();
    private final FakeClock clock = new FakeClock();
    private AdminServer server;
    private AdminClient client;

    @BeforeEach
    void start() throws AdminBindException {
        server = AdminServer.start(ANY_PORT, process, clock);
        client = AdminClient.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1",
                "/api/v1/services",
                "/api/v1/services/",
                "/api/v1/services?full=1",
                "/api/v1/listeners",
                "/api/v1/plugins",
                "/api/v1/process",
                "/live",
                "/ready",
                "/test",
                "/version"
            })
    void answersInJson(String path) throws Exception {
        HttpResponse<String> response = client.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.headers().firstValue("date")).hasValue("Tue, 14 Nov 2023 22:13:20 GMT");
        assertThat(AdminClient.json(response).isContainerNode()).isTrue();
    }

    @Test
    void saysThatItWorksWithoutDependingOnAnything() throws Exception {
        process.defect = new IllegalStateException("nothing works");

        assertThat(client.json("/live").path("status").asText()).isEqualTo("ok");
        assertThat(client.json("/test").path("status").asText()).isEqualTo("ok");
        assertThat(client.json("/test").path("timestamp").asText()).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(client.json("/version").path("version").asText()).isEqualTo("1.2.3");
    }

    @Test
    void listsTheRootsAsUrlsThatCanBeFollowed() throws Exception {
        JsonNode index = client.json("/api/v1");

        assertThat(index.get(1).asText())
                .isEqualTo("http://127.0.0.1:" + server.address().getPort() + "/api/v1/listeners");
        assertThat(index).hasSize(5).allSatisfy(url -> {
            String path = url.asText().substring(url.asText().indexOf("/api"));
            assertThat(client.get(path).statusCode()).isEqualTo(200);
        });
    }

    @Test
    void showsPeopleAPageThatAsksNobodyElse() throws Exception {
        HttpResponse<String> page = client.get("/");

        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'", "connect-src 'self'"));
        assertThat(page.body()).contains("/api/v1/services").doesNotContain("http://", "https://", "innerHTML");
    }

    @Test
    void namesTheKnownPathsWhenAskedForAnother() throws Exception {
        HttpResponse<String> response = client.get("/nowhere");

        JsonNode error = AdminClient.json(response).path("error");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(error.path("status").asInt()).isEqualTo(404);
        assertThat(error.path("path").asText()).isEqualTo("/nowhere");
        assertThat(error.path("message").asText()).contains("/api/v1/services", "/metrics", "/ready");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "BREW"})
    void changesNothing(String method) throws Exception {
        HttpResponse<String> response = client.send(method, "/api/v1/services", "*/*");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).hasValue("GET, HEAD");
        assertThat(AdminClient.json(response).path("error").path("message").asText())
                .isEqualTo("method: " + method + " (expected: GET or HEAD)");
    }

    @Test
    void answersHeadWithTheLengthButWithoutTheBody() throws Exception {
        String answer = client.exchange("HEAD /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        int length = client.get("/version").body().length();
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("content-length: " + length + "\r\n");
        assertThat(answer).endsWith("\r\n\r\n");
    }

    @Test
    void keepsTheConnectionForFurtherRequests() throws Exception {
        String get = "GET /live HTTP/1.1\r\nHost: localhost\r\n";

        String answers = client.exchange(get + "\r\n" + get + "\r\n" + get + "Connection: close\r\n\r\n");

        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
    }

    @Test
    void closesTheConnectionOfAnOldClient() throws Exception {
        assertThat(client.exchange("GET /live HTTP/1.0\r\n\r\n"))
                .contains("200 OK")
                .endsWith("}\n");
    }

    @Test
    void servesAClientThatThinksOfItAsAProxy() throws Exception {
        String answer =
                client.exchange("GET http://localhost/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void refusesWhatIsTooLong() throws Exception {
        String host = "Host: localhost\r\n";

        assertThat(client.exchange(
                        "GET /live?" + "x".repeat(8_000) + " HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(client.exchange("GET /live?" + "x".repeat(8_200) + " HTTP/1.1\r\n" + host + "\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertThat(client.exchange("GET /live HTTP/1.1\r\n" + host + "X: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(client.exchange(
                        "POST /live HTTP/1.1\r\n" + host + "Content-Length: 100000\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0\1\2\3 garbage\r\n\r\n",
                "\026\003\001\002\000\001\000\001\374\003\003\r\n\r\n",
                "GET /live HTTP/1.1\r\nHost: localhost\r\nBad Name : x\r\n\r\n",
                "POST /live HTTP/1.1\r\nHost: localhost\r\nContent-Length: nine\r\n\r\n",
                "GET live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            })
    void refusesWhatIsNotHttp(String bytes) throws Exception {
        assertThat(client.exchange(bytes)).startsWith("HTTP/1.1 400 ").contains("\"error\"");

        assertThat(client.get("/live").statusCode()).isEqualTo(200);
    }

    @Test
    void reportsItsOwnDefectsAndGoesOn() throws Exception {
        process.defect = new IllegalStateException("broken invariant");
        HttpResponse<String> response = client.get("/api/v1/services");
        process.defect = null;

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(AdminClient.json(response).path("error").path("status").asInt())
                .isEqualTo(500);
        assertThat(response.body()).doesNotContain("broken invariant");
        assertThat(client.get("/api/v1/services").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:9901", "127.0.0.1.evil.example", "[::1", ""})
    void refusesNamesThatAForeignPageCouldHaveMade(String host) throws Exception {
        String answer = client.exchange(getWithHost(host));

        assertThat(answer).startsWith(host.isEmpty() ? "HTTP/1.1 200 " : "HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:9901", "myelin.localhost", "127.0.0.1:1", "[::1]:9901", "[::1]"})
    void acceptsNamesOfThisMachine(String host) throws Exception {
        assertThat(client.exchange(getWithHost(host))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void saysWhichSettingDecidesWhenItsPortIsTaken() {
        BindAddress taken = new BindAddress("127.0.0.1", server.address().getPort());

        assertThatThrownBy(() -> AdminServer.start(taken, process, clock))
                .isInstanceOf(AdminBindException.class)
                .hasMessage("admin listener " + taken
                        + ": address already in use"
                        + " (expected: a free address; set admin.address or MYELIN_ADMIN_ADDRESS)");
    }

    @Test
    void saysThatItsHostIsUnknown() {
        assertThatThrownBy(() -> AdminServer.start(new BindAddress("no-such-host.invalid", 0), process, clock))
                .isInstanceOf(AdminBindException.class)
                .hasMessageStartingWith("admin listener no-such-host.invalid:0: unknown host no-such-host.invalid (");
    }

    @Test
    void freesItsPortWhenItCloses() {
        int port = server.address().getPort();
        server.close();
        server.close();

        // Taking the port again would prove no more: by now it may be some connection's own end.
        Await.until("nobody listens at the port", () -> refuses(port));
    }

    private static boolean refuses(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void closesAClientThatTricklesItsRequest() throws Exception {
        startWith(IMPATIENT);
        try (Socket socket = client.connect()) {
            socket.setSoTimeout(10);
            socket.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));

            assertThat(trickleUntilClosed(socket)).isTrue();
        }
    }

    @Test
    void closesAClientThatStaysSilent() throws Exception {
        startWith(new ClientLimits(4, Duration.ofSeconds(60), Duration.ofMillis(200), 65_536));
        try (Socket socket = client.connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closesConnectionsBeyondItsLimitAndServesAgainWhenOneLeaves() throws Exception {
        startWith(new ClientLimits(4, Duration.ofSeconds(10), Duration.ofSeconds(10), 65_536));
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(client.connect());
            assertThat(live(open.get(i))).contains("ok");
        }
        try (Socket tooMany = client.connect()) {
            assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
        }

        for (Socket socket : open) {
            socket.close();
        }

        Await.until("another is served", this::serves);
    }

    @Test
    void answersAClientThatDoesNotReadOnlyAsItReads() throws IOException, AdminBindException, InterruptedException {
        int requests = 64;
        AtomicInteger answered = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        Resource large = request -> {
            answered.incrementAndGet();
            begun.countDown();
            return Reply.text("text/plain", "x".repeat(1 << 20));
        };
        startWith(new Router(Map.of("/large", large, "/live", request -> Reply.text("text/plain", "ok"))));
        try (Socket socket = client.connect()) {
            String pipelined = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(requests);
            socket.getOutputStream().write(pipelined.getBytes(StandardCharsets.US_ASCII));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(client.get("/live").statusCode()).isEqualTo(200);
            assertThat(answered.get()).isLessThan(requests / 2);
            InputStream answers = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < requests; i++) {
                assertThat(AdminClient.readAnswer(answers)).hasSize(1 << 20);
            }
        }
    }

    private void startWith(Router router) throws AdminBindException {
        server.close();
        server = AdminServer.start(ANY_PORT, router, clock, ClientLimits.DEFAULT);
        client = AdminClient.of(server);
    }

    private void startWith(ClientLimits limits) throws AdminBindException {
        server.close();
        server = AdminServer.start(ANY_PORT, AdminRoutes.of(process, clock), clock, limits);
        client = AdminClient.of(server);
    }

    private static String getWithHost(String host) {
        return "GET /live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    }

    private static String live(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return AdminClient.readAnswer(socket.getInputStream());
    }

    /** Returns whether the server serves one more; closed as one too many says that it does not yet. */
    private boolean serves() {
        try (Socket socket = client.connect()) {
            return live(socket).contains("ok");
        } catch (IOException ignored) {
            // It has not seen the others leave yet.
            return false;
        }
    }

    /** Sends a byte whenever a read times out; returns whether the server ends that before the deadline. */
    private static boolean trickleUntilClosed(Socket socket) {
        long deadlineNanos = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < deadlineNanos) {
            try {
                return socket.getInputStream().read() < 0;
            } catch (SocketTimeoutException ignored) {
                if (!sent(socket)) {
                    return true;
                }
            } catch (IOException ignored) {
                // Reset, because a byte was on its way when the server closed.
                return true;
            }
        }
        return false;
    }

    private static boolean sent(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return true;
        } catch (IOException ignored) {
            // Closed by the server between the read and the write.
            return false;
        }
    }
}

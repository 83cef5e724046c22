package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.ThreadMXBean;
import io.myelin.model.Endpoint;
import io.myelin.pool.Pool;
import io.myelin.server.BindAddress;
import io.myelin.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 1,000 services of 50 members each: answers that nobody may have to hold in memory as a whole. */
@Timeout(60)
class LongAnswerTest {
    private static final int SERVICES = 1_000;
    private static final int MEMBERS = 50;
    private static final int SLOW_READERS = 16;
    /** Garbage of all kinds; the shortest of the answers, the list of services, is 2 MB of text. */
    private static final long MOST_BYTES = 16 << 20;

    private static World world = new World();
    private static AdminServer server;
    private static AdminClient client;

    @BeforeAll
    static void start() throws AdminBindException {
        world = new World();
        for (int i = 0; i < SERVICES; i++) {
            Pool pool = world.pool("service-" + i);
            Endpoint[] members = new Endpoint[MEMBERS];
            for (int j = 0; j < MEMBERS; j++) {
                members[j] = Endpoint.of("i-" + j, "10.0." + j + "." + i % 256, 8_000);
            }
            world.deliver(pool, members);
        }
        server = AdminServer.start(new BindAddress("127.0.0.1", 0), world.process, world.clock);
        client = AdminClient.of(server);
    }

    @AfterAll
    static void stop() {
        server.close();
        world.process.statistics.close();
    }

    @Test
    void aScrapeHasTheSeriesOfEveryMemberOnceAndFamilyByFamily() throws IOException {
        Set<String> families = new HashSet<>();
        Set<String> up = new HashSet<>();
        String family = "";
        try (Socket socket = ask("/metrics", "close");
                BufferedReader lines = reader(socket)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("# TYPE ")) {
                    family = line.split(" ", -1)[2];
                    assertThat(families.add(family)).as(line).isTrue();
                } else if (line.startsWith("myelin_")) {
                    assertThat(line).startsWith(family);
                    if (line.startsWith("myelin_member_up{")) {
                        assertThat(up.add(line)).as(line).isTrue();
                    }
                }
            }
        }

        assertThat(up).hasSize(SERVICES * MEMBERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/api/v1/services", "/;csv", "/stats"})
    void aStalledReaderCostsAFewPieces(String path) throws IOException {
        long before = allocatedBytes();
        try (Socket socket = ask(path, "keep-alive")) {
            InputStream answer = socket.getInputStream();
            assertThat(new String(answer.readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
            awaitStall(path);

            // What the kernel takes for the client is made, some hundred kilobytes; the answer is many times as long.
            assertThat(allocatedBytes() - before).isLessThan(MOST_BYTES);
            assertThat(client.get("/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void asManyAsMayBeAreSentAtOnceAndTheNextWhenOneIsOver() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_READERS; i++) {
                Socket socket = ask("/metrics", "keep-alive");
                slow.add(socket);
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }

            HttpResponse<String> refused = client.get("/metrics");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(AdminClient.json(refused).path("error").path("message").asText())
                    .isEqualTo("as many long answers as may be sent at once are: 16"
                            + " (expected: ask again when one is over)");
            assertThat(client.get("/live").statusCode()).isEqualTo(200);
            assertThat(client.get("/api/v1/services/service-7").statusCode()).isEqualTo(503);

            slow.remove(0).close();
            Await.until(
                    "the next long answer is begun", () -> statusOfLongAnswer().equals("200"));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void theListOfServicesIsValidJsonAndComplete() throws IOException {
        JsonNode services;
        try (Socket socket = ask("/api/v1/services", "close")) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            services = new JsonMapper().readTree(dechunked(answer));
        }

        assertThat(services).hasSize(SERVICES);
        assertThat(services.get(0).path("memberCounts").path("up").asInt()).isEqualTo(MEMBERS);
    }

    @Test
    void requestsBehindALongAnswerAreAnsweredAfterIt() throws IOException {
        String live = "GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (Socket socket = ask("/api/v1/services", "keep-alive")) {
            socket.getOutputStream().write(live.getBytes(StandardCharsets.US_ASCII));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(3);
            assertThat(answers).contains("\r\n0\r\n\r\nHTTP/1.1 200 OK").endsWith("}\n");
        }
    }

    @Test
    void aClientThatKnowsNoChunksGetsTheAnswerUntilTheConnectionEnds() throws IOException {
        String answer = client.exchange("GET /api/v1/services HTTP/1.0\r\nHost: localhost\r\n\r\n");

        assertThat(answer).doesNotContainIgnoringCase("transfer-encoding");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(new JsonMapper().readTree(body)).hasSize(SERVICES);
    }

    @Test
    void headOfALongAnswerHasNoBody() throws IOException {
        String answer = client.exchange("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("transfer-encoding: chunked\r\n")
                .endsWith("\r\n\r\n");
    }

    private static String statusOfLongAnswer() {
        try (Socket socket = ask("/metrics", "keep-alive")) {
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).substring(9);
        } catch (IOException e) {
            return String.valueOf(e);
        }
    }

    private static Socket ask(String path, String connection) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8_192);
        socket.setSoTimeout(30_000);
        socket.connect(server.address(), 10_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Takes the lines apart that tell the lengths of chunks; a body of JSON has no carriage return of its own. */
    private static String dechunked(String answer) {
        String chunks = answer.substring(answer.indexOf("\r\n\r\n") + 2);
        return chunks.replaceAll("\r\n[0-9a-f]+\r\n", "");
    }

    /** Waits until the admin thread has stopped making the answer, because the client does not take it. */
    private static void awaitStall(String path) {
        long[] last = {-1, 0};
        Await.until("the answer to " + path + " stalls", () -> {
            long now = allocatedBytes();
            last[1] = now == last[0] ? last[1] + 1 : 0;
            last[0] = now;
            return last[1] >= 10;
        });
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            var thread = threads.getThreadInfo(id);
            if (thread != null && thread.getThreadName().equals("admin")) {
                sum += threads.getThreadAllocatedBytes(id);
            }
        }
        return sum;
    }
}

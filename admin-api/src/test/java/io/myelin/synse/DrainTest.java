package io.myelin.synse;

import static io.myelin.synse.Client.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the API's listener ends. */
@Timeout(30)
class DrainTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String READ = "GET /v3/read/d-1 HTTP/1.1\r\nhost: a\r\n\r\n";
    private static final String TEST = "GET /test HTTP/1.1\r\nhost: a\r\n";

    private final Served served;
    private final ScriptedPlugin plugin;

    DrainTest() throws IOException, InterruptedException {
        served = new Served();
        plugin = served.plugins.add("p-1").with("d-1", "", 1).reads("d-1", 21.5);
        served.client.json("/v3/scan");
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void aRequestUnderWayIsAnsweredAndTheOthersEnd() throws IOException {
        plugin.holding = true;
        try (RawClient asking = RawClient.to(served.port());
                RawClient beginning = RawClient.to(served.port());
                RawClient idle = RawClient.to(served.port())) {
            asking.send(READ);
            assertThat(beginning.send(TEST + "\r\n").readResponse().status()).isEqualTo(200);
            // More than the kernel keeps for a sender, so that some of it has arrived when all of it is sent.
            beginning.socket().setSendBufferSize(1);
            beginning.send(TEST + "pad: " + "x".repeat(12_000) + "\r\n");
            assertThat(idle.send(TEST + "\r\n").readResponse().header("connection"))
                    .isEmpty();
            Await.until("the plugin is asked", () -> !plugin.held.isEmpty());

            CompletableFuture<Integer> drained = served.drain(LONG).toCompletableFuture();
            assertThat(idle.ended()).isTrue();
            Await.until("nobody is let in", this::refused);

            Response last = beginning.send("\r\n").readResponse();
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.header("connection")).isEqualTo("close");
            assertThat(beginning.ended()).isTrue();
            assertThat(drained).isNotDone();
            plugin.release();
            Response answer = asking.readResponse();
            assertThat(answer.body()).contains("21.5");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(asking.ended()).isTrue();
            assertThat(cut(drained)).isZero();
        }
    }

    @Test
    void aLongAnswerIsSentToItsEnd() {
        CompletableFuture<HttpResponse<String>> coming = served.client.later("/v3/readcache");
        Await.until("the plugin is asked", () -> plugin.streams.size() == 1);
        ScriptedStream stream = plugin.streams.get(0);
        stream.offer(ScriptedPlugin.reading("d-1", 1));

        CompletableFuture<Integer> drained = served.drain(LONG).toCompletableFuture();
        Await.until("nobody is let in", this::refused);
        stream.offer(ScriptedPlugin.reading("d-1", 2));
        stream.end();

        assertThat(coming.orTimeout(20, TimeUnit.SECONDS)
                        .join()
                        .body()
                        .lines()
                        .map(line -> parse(line).path("value").asText()))
                .containsExactly("1", "2");
        assertThat(cut(drained)).isZero();
    }

    @Test
    void aSocketIsAnsweredAndToldToGo() {
        try (Session session = new Session(served.port());
                Session idle = new Session(served.port())) {
            session.send("{'id':1,'event':'request/read_stream'}");
            Await.until("the stream", () -> plugin.streams.size() == 1);
            plugin.holding = true;
            session.send("{'id':2,'event':'request/read_device','data':{'device':'d-1'}}");
            Await.until("the plugin is asked", () -> !plugin.held.isEmpty());

            CompletableFuture<Integer> drained = served.drain(LONG).toCompletableFuture();
            Await.until("the stream ends", () -> plugin.streams.get(0).cancelled());
            Await.until("the idle one ends", idle::closed);
            plugin.release();

            assertThat(session.next().path("id").asInt()).isEqualTo(2);
            Await.until("the other one ends", session::closed);
            assertThat(session.status()).isEqualTo(1001);
            assertThat(cut(drained)).isZero();
        }
    }

    @Test
    void whatDoesNotEndInTimeIsCut() throws IOException {
        plugin.holding = true;
        try (RawClient asking = RawClient.to(served.port())) {
            asking.send(READ);
            Await.until("the plugin is asked", () -> !plugin.held.isEmpty());

            assertThat(cut(served.drain(Duration.ofMillis(20)).toCompletableFuture()))
                    .isEqualTo(1);
            assertThat(asking.ended()).isTrue();
        }
    }

    private boolean refused() {
        try (RawClient client = RawClient.to(served.port())) {
            return client.socket().isClosed();
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            // Reset in the moment of the listener's closing: the next try tells.
            return false;
        }
    }

    private static int cut(CompletableFuture<Integer> drained) {
        return drained.orTimeout(20, TimeUnit.SECONDS).join();
    }
}

package io.myelin.synse;

import static io.myelin.synse.Client.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.plugin.PluginCallException;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReadCacheTest {
    private static final String REQUEST = "GET /v3/readcache HTTP/1.1\r\nhost: a\r\n\r\n";

    private final Served served;
    private final ScriptedPlugin first;
    private final ScriptedPlugin second;

    ReadCacheTest() throws IOException {
        served = new Served();
        first = served.plugins.add("p-1");
        second = served.plugins.add("p-2");
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void whatPluginsRememberIsSentLineByLine() throws InterruptedException {
        CompletableFuture<HttpResponse<String>> coming =
                served.client.later("/v3/readcache?start=2020-01-01T00:00:00Z&end=2021-01-01T00:00:00%2B01:00");
        ScriptedStream one = stream(first);
        ScriptedStream two = stream(second);
        one.offer(ScriptedPlugin.reading("d-1", 1));
        two.offer(ScriptedPlugin.reading("d-2", "ü"));
        one.end();
        two.end();

        HttpResponse<String> response = coming.join();
        assertThat(first.calls).contains("ReadCache 2020-01-01T00:00:00Z..2021-01-01T00:00:00+01:00");
        assertThat(response.headers().firstValue("content-type")).contains("application/json; charset=utf-8");
        assertThat(response.body()
                        .lines()
                        .map(line -> parse(line).path("device").asText()))
                .containsExactly("d-1", "d-2");
        assertThat(response.body()).endsWith("}\n").contains("\"value\":\"ü\"");
    }

    @Test
    void withoutPluginsThereIsNothingToSend() throws InterruptedException {
        first.disabled = true;
        second.active = false;

        assertThat(served.client.get("/v3/readcache").body()).isEmpty();
        assertThat(served.client.send("HEAD", "/v3/readcache", "").statusCode()).isEqualTo(200);
    }

    @Test
    void whatGoesWrongIsToldInATrailerAndTheConnectionGoesOn() throws IOException {
        try (RawClient raw = RawClient.to(served.port())) {
            raw.send(REQUEST + "GET /test HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
            stream(first).offer(ScriptedPlugin.reading("d-1", 1));
            stream(first).end();
            stream(second).fail(new PluginCallException(Kind.UNREACHABLE, "reset"));

            String all = raw.readToEnd();
            assertThat(all)
                    .contains("\r\n0\r\nX-Synse-Missing-Plugins: p-2\r\n\r\nHTTP/1.1 200 OK")
                    .contains("\"status\": \"ok\"");
        }
    }

    @Test
    void aClientThatLeavesEndsTheStreams() throws IOException {
        try (RawClient raw = RawClient.to(served.port())) {
            raw.send(REQUEST);
            stream(first);
            raw.hangUp();
            Await.until(
                    "the plugins are left alone",
                    () -> stream(first).cancelled() && stream(second).cancelled());
        }
    }

    @Test
    void aSlowClientSlowsThePluginsDown() throws IOException, InterruptedException {
        try (RawClient raw = RawClient.to(served.port())) {
            raw.send(REQUEST);
            ScriptedStream stream = stream(first);
            fill(stream);

            InputStream in = raw.socket().getInputStream();
            Await.until("more is allowed", () -> skip(in) && stream.allowed() > 0);
        }
    }

    @Test
    void aClientThatKnowsNoChunksGetsLinesToTheEnd() throws IOException {
        try (RawClient raw = RawClient.to(served.port())) {
            raw.send("GET /v3/readcache HTTP/1.0\r\n\r\n");
            stream(first).offer(ScriptedPlugin.reading("d-1", 1));
            stream(first).end();
            stream(second).end();

            String all = raw.readToEnd();
            assertThat(all).doesNotContain("chunked").endsWith("\"value\":1,\"context\":{\"rack\":\"7\"}}\n");
        }
    }

    /** Takes what has come. */
    private static boolean skip(InputStream in) {
        try {
            in.skipNBytes(Math.min(in.available(), 100_000));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends until no more is allowed although the event loop has done all that it had to do. */
    private void fill(ScriptedStream stream) throws InterruptedException {
        String large = "x".repeat(10_000);
        while (stream.allowed() > 0) {
            while (stream.offer(ScriptedPlugin.reading("d-1", large))) {
                Thread.onSpinWait();
            }
            assertThat(served.client.get("/test").statusCode()).isEqualTo(200);
        }
    }

    private static ScriptedStream stream(ScriptedPlugin plugin) {
        return Await.found("a stream", () -> plugin.streams.isEmpty() ? null : plugin.streams.get(0));
    }
}

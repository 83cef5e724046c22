package io.myelin.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.testing.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What a process tells its operators. */
record Admin(String url, HttpClient http) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 10;

    static Admin at(String url) {
        return new Admin(
                url,
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    HttpResponse<String> get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
        return http.sendAsync(request, BodyHandlers.ofString())
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    JsonNode json(String path) {
        String body = get(path).body();
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(path + ": not JSON: " + body, e);
        }
    }

    JsonNode service(String name) {
        return json("/api/v1/services/" + name);
    }

    Metrics metrics() {
        return Metrics.parse(get("/metrics").body());
    }

    /** Waits until the answer for a path is as wanted and returns it. */
    JsonNode await(String path, String what, Predicate<JsonNode> wanted) {
        Await.until(what, () -> wanted.test(json(path)));
        return json(path);
    }

    /** Returns how many configurations took effect or were refused so far. */
    long reloads() {
        JsonNode config = json("/api/v1/process").path("config");
        return config.path("version").asLong() + config.path("rejected").asLong();
    }

    /** Asks for a reload in the given way and waits until it took effect or was refused. */
    void reload(Runnable ask) {
        long before = reloads();
        ask.run();
        Await.until("the files are read again", () -> reloads() > before);
    }
}

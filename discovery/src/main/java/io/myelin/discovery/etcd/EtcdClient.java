package io.myelin.discovery.etcd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks one of the servers of an etcd cluster, and another one after one failed. */
@OwnedBy(Owner.REGISTRY)
final class EtcdClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST_QUOTE = 200;

    private final HttpClient http;
    private final List<String> hosts;
    private int current;

    EtcdClient(HttpClient http, List<String> hosts) {
        this.http = http;
        this.hosts = hosts;
    }

    /** Asks the next server from now on. */
    void turnToNext() {
        current = (current + 1) % hosts.size();
    }

    String host() {
        return hosts.get(current);
    }

    CompletableFuture<JsonNode> get(String path) {
        return ask("GET", path, "", BodyPublishers.noBody());
    }

    CompletableFuture<JsonNode> delete(String path) {
        return ask("DELETE", path, "", BodyPublishers.noBody());
    }

    CompletableFuture<JsonNode> form(String method, String path, String form) {
        return ask(method, path, "application/x-www-form-urlencoded", BodyPublishers.ofString(form));
    }

    CompletableFuture<JsonNode> json(String path, JsonNode body) {
        return ask("POST", path, "application/json", BodyPublishers.ofString(body.toString()));
    }

    /** Completes with the answer, and exceptionally with an {@link EtcdException} if its status is none of 2xx. */
    private CompletableFuture<JsonNode> ask(String method, String path, String type, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + host() + path))
                .timeout(TIMEOUT)
                .method(method, body);
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString())
                .thenApply(response -> read(method + " " + path, response));
    }

    private static JsonNode read(String request, HttpResponse<String> response) {
        String text = response.body();
        if (response.statusCode() / 100 != 2) {
            String quote = text.strip();
            throw new EtcdException(
                    response.statusCode(),
                    request + ": http " + response.statusCode() + " "
                            + quote.substring(0, Math.min(quote.length(), LONGEST_QUOTE)));
        }
        try {
            // The answer of a stream is one object after the other, of which the first is what was asked for.
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new EtcdException(response.statusCode(), request + ": the answer is not JSON");
        }
    }
}

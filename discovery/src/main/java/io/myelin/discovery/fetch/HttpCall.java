package io.myelin.discovery.fetch;

import java.util.Map;

/**
 * A request.
 *
 * @param path with the query
 * @param headers beside {@code Host}, {@code Connection}, {@code Content-Length} and {@code Authorization}
 * @param body text, empty for none
 */
public record HttpCall(String method, String path, Map<String, String> headers, String body) {
    public HttpCall {
        headers = Map.copyOf(headers);
    }

    /** Returns a request for a JSON document. */
    public static HttpCall getJson(String path) {
        return new HttpCall("GET", path, Map.of("Accept", "application/json"), "");
    }
}

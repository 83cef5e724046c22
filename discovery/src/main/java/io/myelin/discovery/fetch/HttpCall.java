package io.myelin.discovery.fetch;

import java.util.HashMap;
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
        return get(path, "application/json");
    }

    /** Returns a request for a document of the type {@code accepted}. */
    public static HttpCall get(String path, String accepted) {
        return new HttpCall("GET", path, Map.of("Accept", accepted), "");
    }

    /** Returns the same request with one more header. */
    public HttpCall with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new HttpCall(method, path, more, body);
    }

    /** Returns method and path: headers may hold secrets. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}

package io.myelin.synse;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route may know of the request it answers.
 *
 * @param method upper case
 * @param target as it was sent
 * @param segments of the path, decoded
 * @param query the parameters behind the path; those without a value are left out
 * @param accept the media types the client prefers, empty if it did not say
 * @param body what it sent
 * @param variables what the route leaves open, by name
 */
record Call(
        String method,
        String target,
        List<String> segments,
        Map<String, List<String>> query,
        String accept,
        String body,
        Map<String, String> variables) {
    private static final String SCHEME = "http://";

    /**
     * Reads a request.
     *
     * @throws ApiException if its target is not a path
     */
    static Call of(FullHttpRequest message) {
        try {
            QueryStringDecoder target = new QueryStringDecoder(originOf(message.uri()));
            return new Call(
                    message.method().name(),
                    message.uri(),
                    segmentsOf(target.rawPath()),
                    queryOf(target),
                    message.headers().get(HttpHeaderNames.ACCEPT, ""),
                    message.content().toString(StandardCharsets.UTF_8),
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("not a path: " + message.uri());
        }
    }

    Call with(Map<String, String> newVariables) {
        return new Call(method, target, segments, query, accept, body, newVariables);
    }

    /** Returns the method whose route answers this one. */
    String answeredAs() {
        return method.equals(HttpMethod.HEAD.name()) ? HttpMethod.GET.name() : method;
    }

    /** Returns what the route leaves open. */
    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /** Returns whether the parameter is {@code true}. */
    boolean flag(String name) {
        return all(name).stream()
                .findFirst()
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .equals("true");
    }

    /** Returns the first value of the parameter, {@code null} if it is not given. */
    @Nullable
    String first(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /**
     * Returns the value of a parameter that is given once at most.
     *
     * @throws ApiException if it is given twice
     */
    String one(String name, String otherwise) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw ApiException.invalid("parameter " + name + " is given " + values.size() + " times (expected: once)");
        }
        return values.isEmpty() ? otherwise : values.get(0);
    }

    /** Returns every value of the parameter. */
    List<String> all(String name) {
        return query.getOrDefault(name, List.of());
    }

    /** Takes an absolute URL, too, as a client that thinks of us as a proxy sends it. */
    private static String originOf(String target) {
        if (target.startsWith(SCHEME)) {
            int slash = target.indexOf('/', SCHEME.length());
            return slash < 0 ? "/" : target.substring(slash);
        }
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException(target);
        }
        return target;
    }

    private static List<String> segmentsOf(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String raw : rawPath.substring(1).split("/", -1)) {
            segments.add(QueryStringDecoder.decodeComponent(raw.replace("+", "%2B")));
        }
        int last = segments.size() - 1;
        return last > 0 && segments.get(last).isEmpty() ? segments.subList(0, last) : segments;
    }

    private static Map<String, List<String>> queryOf(QueryStringDecoder target) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        target.parameters().forEach((name, values) -> {
            List<String> given =
                    values.stream().filter(value -> !value.isEmpty()).toList();
            if (!given.isEmpty()) {
                query.put(name, given);
            }
        });
        return query;
    }

    /** Leaves out what is written to devices. */
    @Override
    public String toString() {
        return method + " " + target;
    }
}

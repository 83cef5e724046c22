package io.myelin.synse;

import io.myelin.httpd.Body;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a route answers when all is well.
 *
 * @param value written as JSON
 * @param missing ids of the plugins that should have contributed and did not
 * @param text what is sent instead of {@code value}, if anything
 */
record Outcome(Object value, List<String> missing, @Nullable Text text) {
    /** Tells which plugins are missing from an answer that is the sum of what plugins say. */
    static final String MISSING = "X-Synse-Missing-Plugins";

    /** So many ids are told, so that the header stays shorter than what clients accept. */
    private static final int MOST_TOLD = 50;

    /** Something else than JSON. */
    record Text(String contentType, Body body) {}

    Outcome {
        missing = List.copyOf(missing);
    }

    static Outcome of(Object value) {
        return new Outcome(value, List.of(), null);
    }

    static Outcome of(Object value, List<String> missing) {
        return new Outcome(value, missing, null);
    }

    static CompletionStage<Outcome> textNow(String contentType, Body body) {
        return CompletableFuture.completedFuture(new Outcome("", List.of(), new Text(contentType, body)));
    }

    static CompletionStage<Outcome> now(Object value) {
        return CompletableFuture.completedFuture(of(value));
    }

    /** Returns the header that tells what is missing, if anything is. */
    Map<String, String> headers() {
        return headers(missing);
    }

    static Map<String, String> headers(List<String> missing) {
        if (missing.isEmpty()) {
            return Map.of();
        }
        StringBuilder told = new StringBuilder();
        missing.stream()
                .limit(MOST_TOLD)
                .forEach(id -> told.append(told.isEmpty() ? "" : ", ").append(id.replaceAll("[^!-~]", "?")));
        int untold = missing.size() - MOST_TOLD;
        return Map.of(MISSING, untold > 0 ? told + ", and " + untold + " more" : told.toString());
    }
}

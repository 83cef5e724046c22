package io.myelin.benchmarks.conformance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request as a server read it.
 *
 * @param target may hold anything
 * @param body without its coding, {@code null} if not all of it is there
 * @param text all of it as it arrived
 */
record ReadRequest(
        String method,
        String target,
        List<Field> fields,
        @Nullable String body,
        String text) {
    boolean complete() {
        return body != null;
    }
}

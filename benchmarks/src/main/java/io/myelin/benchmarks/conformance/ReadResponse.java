package io.myelin.benchmarks.conformance;

import java.util.List;

/**
 * One response as a client read it.
 *
 * @param body without its coding, as far as it is there
 * @param complete whether all of the body is there
 * @param text all of it as it arrived
 */
record ReadResponse(int status, List<Field> fields, String body, boolean complete, String text) {
    /** Returns whether another response to the same request follows. */
    boolean interim() {
        return status < 200 && status != 101;
    }

    String statusText() {
        return complete ? Integer.toString(status) : status + " cut";
    }
}

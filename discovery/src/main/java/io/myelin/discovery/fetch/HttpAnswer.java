package io.myelin.discovery.fetch;

/**
 * A complete response.
 *
 * @param body as it came; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers
public record HttpAnswer(int status, byte[] body) {
    /** Returns whether the status says that the body is what was asked for. */
    public boolean ok() {
        return status == 200;
    }
}

package io.myelin.config.haproxy;

/** A line, or a word of one, that the dialect does not allow. */
final class MalformedLineException extends Exception {
    private final String reason;
    private final String expected;

    MalformedLineException(String reason, String expected) {
        super(reason, null, false, false);
        this.reason = reason;
        this.expected = expected;
    }

    String reason() {
        return reason;
    }

    String expected() {
        return expected;
    }
}

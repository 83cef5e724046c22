package io.myelin.discovery.polling;

/** Says, in words for an operator, why a registry could not be read. */
public final class PollException extends Exception {
    private static final long serialVersionUID = 1L;

    public PollException(String message) {
        super(Foreign.line(message));
    }

    public PollException(String message, Throwable cause) {
        super(Foreign.line(message), cause);
    }
}

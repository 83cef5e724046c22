package io.myelin.discovery.fetch;

/** Says what is wrong with a text that should be certificates or a key in PEM; without repeating it. */
public final class MalformedPemException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedPemException(String message) {
        super(message);
    }

    MalformedPemException(String message, Throwable cause) {
        super(message, cause);
    }
}

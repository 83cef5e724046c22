package io.myelin.pem;

/** Says what is wrong with a text in PEM and what is expected; never repeats the text, which may hold a secret. */
public final class PemException extends Exception {
    private static final long serialVersionUID = 1L;

    PemException(String message) {
        super(message);
    }

    PemException(String message, Throwable cause) {
        super(message, cause);
    }
}

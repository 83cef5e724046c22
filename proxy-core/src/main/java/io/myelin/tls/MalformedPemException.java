package io.myelin.tls;

/** A file without a certificate and a private key that can be used. */
public final class MalformedPemException extends Exception {
    MalformedPemException(String message) {
        super(message);
    }

    MalformedPemException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.myelin.health.plugin;

/** A file of certificates or keys that cannot be used; the message names it. */
public final class UnusableTlsException extends Exception {
    public UnusableTlsException(String message) {
        super(message);
    }
}

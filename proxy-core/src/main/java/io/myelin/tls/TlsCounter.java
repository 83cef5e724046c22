package io.myelin.tls;

/** What is counted of the handshakes at one address, by event loop. */
public enum TlsCounter {
    /** Handshakes that succeeded. */
    HANDSHAKES,
    /** Those among them that took up an earlier session. */
    RESUMED
}

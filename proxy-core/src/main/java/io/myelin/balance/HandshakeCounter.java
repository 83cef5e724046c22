package io.myelin.balance;

import java.util.Locale;

/** What is counted of TLS handshakes with a member, per event loop: how they went, and why those failed that did. */
public enum HandshakeCounter {
    /** They succeeded. */
    SUCCEEDED,
    /** They succeeded, and took up an earlier session. */
    RESUMED,
    /** The connect timeout passed. */
    TIMEOUT,
    /** The member ended the connection. */
    CLOSED,
    /** The member speaks something else. */
    NOT_TLS,
    /** There is no version of TLS in common. */
    PROTOCOL,
    /** The member does not accept what it was shown or offered. */
    REFUSED,
    /** Nobody who is trusted vouches for its certificate, or can be asked whether it still counts. */
    UNTRUSTED,
    /** Its certificate names somebody else. */
    WRONG_NAME,
    /** Its certificate has expired, or is not valid yet. */
    EXPIRED,
    /** Its certificate was revoked. */
    REVOKED,
    /** The files of our own side cannot be used. */
    UNUSABLE,
    /** Anything else. */
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Returns the name used in metrics. */
    public String label() {
        return label;
    }

    /** Returns whether it counts handshakes that failed. */
    public boolean failure() {
        return this != SUCCEEDED && this != RESUMED;
    }
}

package io.myelin.route;

/** What may be asked about the TLS that a client speaks. What there is not is as if the client spoke plain text. */
public enum TlsFact {
    /** Whom the client asked for. */
    SERVER_NAME,
    /** The version, such as {@code TLSv1.3}. */
    VERSION,
    /** The cipher, by OpenSSL's name. */
    CIPHER,
    /** What both agreed to speak inside. */
    ALPN,
    /** Whom the client's certificate is for: {@code /C=NL/CN=somebody}, or one attribute of it. */
    CLIENT_SUBJECT,
    /** Who vouches for the client's certificate, in the same way. */
    CLIENT_ISSUER
}

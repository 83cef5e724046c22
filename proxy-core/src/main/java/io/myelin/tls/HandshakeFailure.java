package io.myelin.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;

/** The ways in which a client's handshake fails. */
public enum HandshakeFailure {
    /** The client ended the connection first, as a check of the port does. */
    CLOSED("closed", "the client closed the connection"),
    /** The handshake took too long. */
    TIMEOUT("timeout", "took too long"),
    /** The client does not speak TLS. */
    NOT_TLS("not_tls", "the client does not speak TLS"),
    /** The client speaks only versions of TLS that the listener does not. */
    PROTOCOL("protocol", "no version of TLS in common"),
    /** The client knows none of the listener's ciphers, groups or signatures. */
    CIPHER("cipher", "no cipher in common"),
    /** The client named nobody who is here, and the listener is strict about it. */
    UNKNOWN_NAME("unknown_name", "no certificate for the name that the client asked for"),
    /** The listener wants a certificate, and the client showed none. */
    NO_CERTIFICATE("no_certificate", "the client showed no certificate"),
    /** The client's certificate is not good. */
    BAD_CERTIFICATE("bad_certificate", "the client's certificate is not accepted"),
    /** The client does not accept the listener's certificate, or gave up for another reason of its own. */
    REFUSED_BY_CLIENT("refused_by_client", "the client refused"),
    /** The proxy stopped meanwhile. */
    STOPPED("stopped", "the proxy stopped"),
    /** Anything else, such as bytes that nobody sends who means well. */
    OTHER("other", "the handshake was broken");

    private final String label;
    private final String reason;

    HandshakeFailure(String label, String reason) {
        this.label = label;
        this.reason = reason;
    }

    /** Returns the name that metrics have for it. */
    public String label() {
        return label;
    }

    /** Returns the reason, for people. */
    public String reason() {
        return reason;
    }

    /** Returns what {@code cause}, which TLS gave, means. */
    static HandshakeFailure of(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof UnknownNameException) {
                return UNKNOWN_NAME;
            }
            if (each instanceof NotSslRecordException) {
                return NOT_TLS;
            }
            if (each instanceof CertificateException || each instanceof CertPathValidatorException) {
                return BAD_CERTIFICATE;
            }
            if (each instanceof ClosedChannelException) {
                return CLOSED;
            }
        }
        return ofMessage(String.valueOf(cause.getMessage()).toUpperCase(Locale.ROOT), cause);
    }

    /** BoringSSL says what it means in constants, the JDK in sentences. */
    private static HandshakeFailure ofMessage(String message, Throwable cause) {
        if (message.contains("ALERT_CLOSE_NOTIFY") || message.contains("CLOSED WHILE")) {
            return CLOSED;
        }
        if (message.contains("_ALERT_") || message.contains("RECEIVED FATAL ALERT")) {
            return REFUSED_BY_CLIENT;
        }
        if (message.contains("DID_NOT_RETURN_A_CERTIFICATE") || message.contains("EMPTY CLIENT CERTIFICATE")) {
            return NO_CERTIFICATE;
        }
        if (message.contains("CERTIFICATE_VERIFY_FAILED")) {
            return BAD_CERTIFICATE;
        }
        if (message.contains("UNSUPPORTED_PROTOCOL")
                || message.contains("WRONG_VERSION_NUMBER")
                || message.contains("NOT ENABLED OR SUPPORTED")) {
            return PROTOCOL;
        }
        boolean nothingInCommon = message.contains("NO_SHARED_")
                || message.contains("NO_COMMON_SIGNATURE_ALGORITHMS")
                || message.contains("NO CIPHER SUITES IN COMMON");
        if (nothingInCommon) {
            return CIPHER;
        }
        if (message.contains("HTTP_REQUEST") || message.contains("HTTPS_PROXY_REQUEST")) {
            return NOT_TLS;
        }
        return cause instanceof SSLHandshakeException && message.contains("REMOTE HOST TERMINATED") ? CLOSED : OTHER;
    }
}

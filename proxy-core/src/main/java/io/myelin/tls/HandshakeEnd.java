package io.myelin.tls;

import io.myelin.balance.HandshakeCounter;
import io.myelin.failure.Failure;
import io.netty.handler.codec.DecoderException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What it means when the TLS of a connection to a member comes to an end that nobody wanted. */
public final class HandshakeEnd {
    private HandshakeEnd() {}

    /** Returns whether TLS itself ended a connection, rather than what carries it. */
    public static boolean causes(@Nullable Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    /** Returns what {@code cause}, the end of a handshake with a member, is called. */
    public static Failure failureOf(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof CertificateExpiredException || each instanceof CertificateNotYetValidException) {
                return Failure.TLS_EXPIRED;
            }
            if (each instanceof CertPathValidatorException invalid) {
                if (invalid.getReason() == BasicReason.REVOKED) {
                    return Failure.TLS_REVOKED;
                }
                if (invalid.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
                    return Failure.TLS_UNTRUSTED;
                }
            }
            if (each instanceof CertPathBuilderException) {
                return Failure.TLS_UNTRUSTED;
            }
            String message = String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT);
            if (message.startsWith("no subject alternative") || message.startsWith("no name matching")) {
                return Failure.TLS_WRONG_NAME;
            }
        }
        return Failure.TLS_FAILED;
    }

    /** Returns what is counted of {@code cause}, the end of a handshake with a member. */
    public static HandshakeCounter counterOf(Throwable cause) {
        return switch (failureOf(cause)) {
            case TLS_UNTRUSTED -> HandshakeCounter.UNTRUSTED;
            case TLS_WRONG_NAME -> HandshakeCounter.WRONG_NAME;
            case TLS_EXPIRED -> HandshakeCounter.EXPIRED;
            case TLS_REVOKED -> HandshakeCounter.REVOKED;
            default ->
                String.valueOf(cause.getMessage()).toUpperCase(Locale.ROOT).contains("ALERT_PROTOCOL_VERSION")
                        ? HandshakeCounter.PROTOCOL
                        : counterOf(HandshakeFailure.of(cause));
        };
    }

    private static HandshakeCounter counterOf(HandshakeFailure failure) {
        return switch (failure) {
            case CLOSED -> HandshakeCounter.CLOSED;
            case NOT_TLS -> HandshakeCounter.NOT_TLS;
            case PROTOCOL -> HandshakeCounter.PROTOCOL;
            case CIPHER, REFUSED_BY_CLIENT -> HandshakeCounter.REFUSED;
            case BAD_CERTIFICATE -> HandshakeCounter.UNTRUSTED;
            default -> HandshakeCounter.OTHER;
        };
    }

    /** Returns the innermost reason, for people. */
    public static String reasonOf(Throwable cause) {
        Throwable inner = cause;
        while (inner.getCause() != null && (inner instanceof SSLException || inner instanceof DecoderException)) {
            inner = inner.getCause();
        }
        String message = inner.getMessage();
        return message == null ? inner.getClass().getSimpleName() : message;
    }
}

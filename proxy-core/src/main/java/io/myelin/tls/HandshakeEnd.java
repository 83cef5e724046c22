package io.myelin.tls;

import io.myelin.failure.Failure;
import io.netty.handler.codec.DecoderException;
import java.security.cert.CertPathBuilderException;
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

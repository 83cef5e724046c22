package io.myelin.admin;

import io.myelin.admin.MemberTlsView.RevocationView;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.HandshakeFailure;
import io.myelin.tls.TlsStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How TLS stands at one address, as JSON. Of keys it says nothing.
 *
 * @param certificates in force, the one for clients who name no other first
 * @param resumed handshakes that took up an earlier session
 * @param failures handshakes that failed, by reason
 * @param error why what the files say now is not in force, {@code null} if it is
 */
record TlsView(
        List<CertificateView> certificates,
        long handshakes,
        long resumed,
        Map<String, Long> failures,
        List<RevocationView> revocations,
        @Nullable String error) {
    /**
     * One certificate, as JSON.
     *
     * @param names for which it is good
     * @param fingerprint SHA-256, as hexadecimal digits
     */
    record CertificateView(
            String file,
            String subject,
            String issuer,
            List<String> names,
            String keyType,
            String notBefore,
            String notAfter,
            String fingerprint) {
        static CertificateView of(CertificateStatus status) {
            return new CertificateView(
                    status.file().toString(),
                    status.subject(),
                    status.issuer(),
                    status.names(),
                    status.keyType(),
                    status.notBefore().toString(),
                    status.notAfter().toString(),
                    status.fingerprint());
        }
    }

    static @Nullable TlsView of(@Nullable TlsStatus status) {
        if (status == null) {
            return null;
        }
        Map<String, Long> failures = new LinkedHashMap<>();
        for (HandshakeFailure failure : HandshakeFailure.values()) {
            failures.put(Json.name(failure), status.failures().getOrDefault(failure, 0L));
        }
        return new TlsView(
                status.certificates().stream().map(CertificateView::of).toList(),
                status.handshakes(),
                status.resumed(),
                failures,
                status.revocations().stream().map(RevocationView::of).toList(),
                status.error());
    }
}

package io.myelin.tls;

import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be known of a list of revoked certificates.
 *
 * @param file where it was read
 * @param nextUpdate from when on the list counts no more, and no certificate of its issuer with it; {@code null} for
 *     never
 * @param revoked how many certificates it names
 */
public record RevocationStatus(
        Path file, String issuer, @Nullable Instant nextUpdate, int revoked) {
    /** Returns whether the list counts no more at {@code now}. */
    boolean outdated(Instant now) {
        return nextUpdate != null && !nextUpdate.isAfter(now);
    }

    static RevocationStatus of(Path file, X509CRL list) {
        Date next = list.getNextUpdate();
        Set<? extends X509CRLEntry> entries = list.getRevokedCertificates();
        return new RevocationStatus(
                file,
                list.getIssuerX500Principal().getName(),
                next == null ? null : next.toInstant(),
                entries == null ? 0 : entries.size());
    }
}

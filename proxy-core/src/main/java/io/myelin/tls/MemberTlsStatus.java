package io.myelin.tls;

import io.myelin.model.MemberTls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS to members stands, in one of the ways in which it is spoken.
 *
 * @param shown the certificate in force that members are shown that ask, {@code null} for none
 * @param trusted those of whoever vouches for members; none for whom this JDK trusts, or if nobody has to
 * @param revocations the lists in force of what was revoked
 * @param error why what the files say now is not in force, {@code null} if it is
 */
public record MemberTlsStatus(
        MemberTls settings,
        @Nullable CertificateStatus shown,
        List<CertificateStatus> trusted,
        List<RevocationStatus> revocations,
        @Nullable String error) {
    public MemberTlsStatus {
        trusted = List.copyOf(trusted);
        revocations = List.copyOf(revocations);
    }

    /** Returns the certificate that members are shown, if there is one. */
    List<CertificateStatus> shownOnes() {
        return shown == null ? List.of() : List.of(shown);
    }
}

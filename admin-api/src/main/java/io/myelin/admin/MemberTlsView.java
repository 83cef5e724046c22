package io.myelin.admin;

import io.myelin.model.MemberTls;
import io.myelin.model.NameSource;
import io.myelin.pool.MemberEncryption;
import io.myelin.tls.MemberTlsStatus;
import io.myelin.tls.RevocationStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the ways in which TLS is spoken with members of a service, as JSON. Of keys it says nothing.
 *
 * @param verify {@code required} or {@code none}
 * @param ca the file of those who vouch for members, {@code null} for whom this JDK trusts
 * @param crl the file of what was revoked, {@code null} for none
 * @param serverName whom members are asked for, {@code null} for the host of each, empty for nobody
 * @param serverNameFrom what of the client says it instead, {@code null} for nothing
 * @param verifiedName what is compared when nobody is asked for, {@code null} for nothing
 * @param certificate in force that members are shown that ask, {@code null} for none
 * @param trusted certificates in force that are in {@code ca}
 * @param revocations lists in force that are in {@code crl}
 * @param error why what the files say now is not in force, {@code null} if it is
 */
record MemberTlsView(
        String verify,
        @Nullable String ca,
        @Nullable String crl,
        @Nullable String serverName,
        @Nullable String serverNameFrom,
        @Nullable String verifiedName,
        List<String> protocols,
        List<String> alpn,
        boolean resume,
        TlsView.@Nullable CertificateView certificate,
        List<TlsView.CertificateView> trusted,
        List<RevocationView> revocations,
        @Nullable String error) {
    /**
     * A list of revoked certificates, as JSON.
     *
     * @param revoked how many there are
     */
    record RevocationView(
            String file, String issuer, @Nullable String nextUpdate, int revoked) {
        static RevocationView of(RevocationStatus status) {
            return new RevocationView(
                    status.file().toString(),
                    status.issuer(),
                    status.nextUpdate() == null ? null : status.nextUpdate().toString(),
                    status.revoked());
        }
    }

    /** Returns what is spoken in a pool; {@code known} has the state of the files. */
    static List<MemberTlsView> of(MemberEncryption encryption, List<MemberTlsStatus> known) {
        return encryption.settings().stream()
                .map(settings -> known.stream()
                        .filter(status -> status.settings().equals(settings))
                        .findFirst()
                        .orElseGet(() -> new MemberTlsStatus(settings, null, List.of(), List.of(), null)))
                .map(MemberTlsView::of)
                .toList();
    }

    private static MemberTlsView of(MemberTlsStatus status) {
        MemberTls settings = status.settings();
        return new MemberTlsView(
                verify(settings),
                settings.authorities(),
                settings.revocations(),
                settings.serverName(),
                source(settings.nameSource()),
                settings.verifiedName(),
                settings.protocols(),
                settings.applicationProtocols(),
                settings.resumes(),
                status.shown() == null ? null : TlsView.CertificateView.of(status.shown()),
                status.trusted().stream().map(TlsView.CertificateView::of).toList(),
                status.revocations().stream().map(RevocationView::of).toList(),
                status.error());
    }

    static String verify(MemberTls settings) {
        return settings.verify() ? "required" : "none";
    }

    private static @Nullable String source(@Nullable NameSource source) {
        if (source == null) {
            return null;
        }
        return source.header() == null ? "client_tls" : "header:" + source.header();
    }
}

package io.myelin.tls;

import io.myelin.model.MemberTls;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the files of {@link MemberTls} said at one moment.
 *
 * @param authorities who vouches for members, {@code null} if nobody has to
 * @param own what members are shown that ask, {@code null} for nothing
 * @param shown what may be known of the certificate in it
 * @param trusted what may be known of those of the authorities
 */
record MemberFiles(
        @Nullable Authorities authorities,
        @Nullable PemFile own,
        @Nullable CertificateStatus shown,
        List<CertificateStatus> trusted,
        List<RevocationStatus> revocations) {
    /** What there is of files that cannot be used. */
    static final MemberFiles NONE = new MemberFiles(null, null, null, List.of(), List.of());

    MemberFiles {
        trusted = List.copyOf(trusted);
        revocations = List.copyOf(revocations);
    }

    /**
     * Reads the files that {@code tls} names.
     *
     * @throws MalformedPemException if one cannot be used, with a message for people
     */
    static MemberFiles read(MemberTls tls) throws MalformedPemException {
        try {
            Authorities authorities = tls.verify() ? Authorities.read(tls.authorities(), tls.revocations()) : null;
            PemFile own = own(tls);
            CertificateStatus shown = own == null
                    ? null
                    : CertificateStatus.of(own.file(), own.chain().get(0));
            return authorities == null
                    ? new MemberFiles(null, own, shown, List.of(), List.of())
                    : new MemberFiles(
                            authorities,
                            own,
                            shown,
                            statusOf(authorities),
                            statusOf(tls.revocations(), authorities.revocations()));
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    static MalformedPemException unusable(Exception cause) {
        return new MalformedPemException("TLS to members cannot be used: " + cause.getMessage(), cause);
    }

    private static @Nullable PemFile own(MemberTls tls) throws IOException, MalformedPemException {
        String certificate = tls.certificate();
        return certificate == null
                ? null
                : PemFile.read(PemFile.locate(Path.of(certificate)).get(0), tls.key());
    }

    private static List<CertificateStatus> statusOf(Authorities authorities) throws MalformedPemException {
        List<CertificateStatus> trusted = new ArrayList<>();
        String file = authorities.file();
        if (file != null) {
            for (X509Certificate certificate : authorities.certificates()) {
                trusted.add(CertificateStatus.of(Path.of(file), certificate));
            }
        }
        return trusted;
    }

    private static List<RevocationStatus> statusOf(@Nullable String file, List<X509CRL> lists) {
        return file == null
                ? List.of()
                : lists.stream()
                        .map(list -> RevocationStatus.of(Path.of(file), list))
                        .toList();
    }

    /** Has {@code builder} trust and show what they say. */
    void give(SslContextBuilder builder) throws MalformedPemException {
        Authorities judges = authorities;
        if (judges == null) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (!judges.revocations().isEmpty()) {
            builder.trustManager(judges.trustManager());
        } else if (judges.file() != null) {
            builder.trustManager(judges.certificates());
        }
        PemFile pem = own;
        if (pem != null) {
            builder.keyManager(pem.key(), pem.chain().toArray(X509Certificate[]::new));
        }
    }
}

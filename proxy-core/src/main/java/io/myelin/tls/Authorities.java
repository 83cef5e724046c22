package io.myelin.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who vouches for certificates, and which of those do not count any more. As soon as there is one list of revoked
 * certificates, everybody in a chain needs one that is not out of date (RFC 5280 section 6.3).
 *
 * @param file where they were read, {@code null} for whom this JDK trusts
 * @param certificates those of whoever vouches; none for whom this JDK trusts
 */
record Authorities(@Nullable String file, List<X509Certificate> certificates, List<X509CRL> revocations) {
    Authorities {
        certificates = List.copyOf(certificates);
        revocations = List.copyOf(revocations);
    }

    /**
     * Reads them.
     *
     * @param file a PEM file, or a directory of such files; {@code null} for whom this JDK trusts
     * @param revocations a PEM file, {@code null} for none
     */
    static Authorities read(@Nullable String file, @Nullable String revocations)
            throws IOException, MalformedPemException {
        return new Authorities(
                file,
                file == null ? List.of() : PemFile.authorities(Path.of(file)),
                revocations == null ? List.of() : PemFile.revocations(Path.of(revocations)));
    }

    /** Returns what judges certificates by them. */
    X509ExtendedTrustManager trustManager() throws MalformedPemException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(rules()));
            return extended(factory);
        } catch (GeneralSecurityException e) {
            throw new MalformedPemException(
                    (file == null ? "the JDK's authorities" : file) + " cannot be used: " + e.getMessage(), e);
        }
    }

    private PKIXBuilderParameters rules() throws GeneralSecurityException {
        Set<TrustAnchor> anchors = (file == null ? ofJdk() : certificates)
                .stream().map(authority -> new TrustAnchor(authority, null)).collect(Collectors.toSet());
        PKIXBuilderParameters rules = new PKIXBuilderParameters(anchors, new X509CertSelector());
        rules.setRevocationEnabled(!revocations.isEmpty());
        if (!revocations.isEmpty()) {
            rules.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocations)));
        }
        return rules;
    }

    private static List<X509Certificate> ofJdk() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init((KeyStore) null);
        return List.of(extended(factory).getAcceptedIssuers());
    }

    private static X509ExtendedTrustManager extended(TrustManagerFactory factory)
            throws InvalidAlgorithmParameterException {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager jdk) {
                return jdk;
            }
        }
        throw new InvalidAlgorithmParameterException("this JDK judges no certificates");
    }
}

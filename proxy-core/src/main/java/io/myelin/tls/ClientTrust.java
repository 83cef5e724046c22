package io.myelin.tls;

import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Which certificates of clients are good. */
record ClientTrust(TrustManager clients, ClientAuth mode) {
    /** Reads what {@code wanted} names. */
    static ClientTrust read(io.myelin.tls.ClientAuth wanted) throws IOException, MalformedPemException {
        List<X509Certificate> authorities = PemFile.certificates(Path.of(wanted.ca()));
        List<CRL> revocations = wanted.crl() == null ? List.of() : PemFile.revocations(Path.of(wanted.crl()));
        try {
            return new ClientTrust(
                    clients(authorities, revocations), wanted.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
        } catch (GeneralSecurityException e) {
            throw new MalformedPemException(wanted.ca() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager clients(List<X509Certificate> authorities, List<CRL> revocations)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        PKIXBuilderParameters rules = new PKIXBuilderParameters(anchors, new X509CertSelector());
        rules.setRevocationEnabled(!revocations.isEmpty());
        if (!revocations.isEmpty()) {
            rules.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocations)));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(rules));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager jdk) {
                return new KnownClients(jdk);
            }
        }
        throw new GeneralSecurityException("this JDK judges no certificates");
    }
}

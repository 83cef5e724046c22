package io.myelin.discovery.fetch;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.pem.PemException;
import io.myelin.pem.PemText;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;

/** A context of TLS in the making, from texts in PEM: whom a client trusts, and what it shows of itself. */
@OwnedBy(Owner.REGISTRY)
public final class ClientTls {
    private final SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    private String expected = "";

    /** Believes servers that {@code pem} vouches for, instead of those that the JDK trusts. */
    public void trust(String pem) throws PemException {
        builder.trustManager(certificates(pem));
    }

    /** Believes every server, whoever it is: for those who ask for that. */
    public void trustAnyone() {
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
    }

    /** Expects {@code name} in the certificate of a server, and asks for it, instead of the host of its address. */
    public void expect(String name) {
        expected = name;
    }

    /** Shows the first of {@code certificates}, whose private key is {@code key}, and those that vouch for it. */
    public void show(String certificates, String key) throws PemException {
        builder.keyManager(PemText.of(key).requireKey(), certificates(certificates));
    }

    /**
     * Returns the context.
     *
     * @throws SSLException if this JDK cannot use what was given
     */
    public SslContext build() throws SSLException {
        try {
            SslContext context = builder.build();
            return expected.isEmpty() ? context : new ExpectedName(context, expected);
        } catch (IllegalArgumentException e) {
            throw new SSLException(e.getMessage(), e);
        }
    }

    private static X509Certificate[] certificates(String pem) throws PemException {
        List<X509Certificate> certificates = PemText.of(pem).requireCertificates();
        return certificates.toArray(X509Certificate[]::new);
    }
}

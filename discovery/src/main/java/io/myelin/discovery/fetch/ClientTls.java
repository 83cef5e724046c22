package io.myelin.discovery.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** A context of TLS in the making, from texts in PEM: whom a client trusts, and what it shows of itself. */
public final class ClientTls {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final String EXPECTED = "no certificates (expected: at least one in PEM)";

    private final SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);

    /** Believes servers that {@code pem} vouches for, instead of those that the JDK trusts. */
    public void trust(String pem) throws MalformedPemException {
        builder.trustManager(certificates(pem));
    }

    /** Believes every server, whoever it is: for those who ask for that. */
    public void trustAnyone() {
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
    }

    /** Shows the first of {@code certificates}, whose private key is {@code key}, and those that vouch for it. */
    public void show(String certificates, String key) throws MalformedPemException {
        builder.keyManager(PrivateKeys.read(key), certificates(certificates));
    }

    public SslContext build() throws MalformedPemException {
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new MalformedPemException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns the certificates in {@code pem}, whatever else is there. */
    private static X509Certificate[] certificates(String pem) throws MalformedPemException {
        String blocks =
                CERTIFICATE.matcher(pem).results().map(MatchResult::group).collect(Collectors.joining("\n"));
        if (blocks.isEmpty()) {
            throw new MalformedPemException(EXPECTED);
        }
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(blocks.getBytes(US_ASCII)))
                    .toArray(X509Certificate[]::new);
        } catch (CertificateException e) {
            throw new MalformedPemException(EXPECTED, e);
        }
    }
}

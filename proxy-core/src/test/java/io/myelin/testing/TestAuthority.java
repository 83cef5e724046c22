package io.myelin.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.function.UnaryOperator;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody who vouches for certificates that tests make up. */
public final class TestAuthority {
    private final X509Bundle own;

    private TestAuthority(X509Bundle own) {
        this.own = own;
    }

    /** Creates an authority of that name, with a key of its own. */
    public static TestAuthority named(String name) {
        return new TestAuthority(built(() -> new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
                .buildSelfSigned()));
    }

    /** Issues a certificate for these hosts, the first of which is its subject, good for a year. */
    public X509Bundle issue(String... hosts) {
        return issue(builder -> builder, hosts);
    }

    /** The same with an RSA key. */
    public X509Bundle issueRsa(String... hosts) {
        return issue(builder -> builder.algorithm(Algorithm.rsa2048), hosts);
    }

    /** The same with more to say. */
    public X509Bundle issue(UnaryOperator<CertificateBuilder> more, String... hosts) {
        CertificateBuilder builder = new CertificateBuilder()
                .subject("CN=" + hosts[0])
                .notAfter(Instant.now().plus(Duration.ofDays(365)));
        for (String host : hosts) {
            // The builder refuses stars, which are found in the subject, too.
            if (!host.startsWith("*")) {
                builder.addSanDnsName(host);
            }
        }
        return built(() -> more.apply(builder).buildIssuedBy(own));
    }

    /** Issues a certificate for somebody who connects. */
    public X509Bundle issueClient(String subject) {
        return built(() -> new CertificateBuilder()
                .subject(subject)
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(own));
    }

    /**
     * Writes the list of what the authority revoked. The library that signs it knows no other time than that of dates.
     *
     * @param next until when the list counts
     */
    @SuppressWarnings("JavaUtilDate")
    public Path revoke(Path file, Instant next, X509Bundle... revoked) throws IOException {
        Instant now = Instant.now();
        Instant since = next.isBefore(now) ? next.minus(Duration.ofDays(1)) : now;
        JcaX509v2CRLBuilder list = new JcaX509v2CRLBuilder(certificate().getSubjectX500Principal(), Date.from(since));
        list.setNextUpdate(Date.from(next));
        list.addCRLEntry(BigInteger.TWO, Date.from(since), 0);
        for (X509Bundle each : revoked) {
            list.addCRLEntry(each.getCertificate().getSerialNumber(), Date.from(since), 0);
        }
        try {
            byte[] signed = list.build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .build(own.getKeyPair().getPrivate()))
                    .getEncoded();
            String base64 = Base64.getMimeEncoder().encodeToString(signed);
            return put(file, "-----BEGIN X509 CRL-----\n" + base64 + "\n-----END X509 CRL-----\n");
        } catch (OperatorCreationException e) {
            throw new AssertionError("a list could not be signed", e);
        }
    }

    public X509Bundle own() {
        return own;
    }

    public X509Certificate certificate() {
        return own.getCertificate();
    }

    /** Writes the authority's certificate. */
    public Path write(Path file) throws IOException {
        return put(file, own.getCertificatePEM());
    }

    /** Writes certificate, chain and key. */
    public static Path write(Path file, X509Bundle bundle) throws IOException {
        return put(file, bundle.getCertificatePathPEM() + bundle.getPrivateKeyPEM());
    }

    /** Puts a text in the place of a file, at once. */
    public static Path put(Path file, String text) throws IOException {
        Path beside = Files.writeString(file.resolveSibling("." + file.getFileName() + ".new"), text);
        return Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What Netty's builder declares to throw is everything. */
    private interface Building {
        @SuppressWarnings("InterruptedExceptionSwallowed")
        X509Bundle build() throws Exception;
    }

    @SuppressWarnings("InterruptedExceptionSwallowed")
    private static X509Bundle built(Building building) {
        try {
            return building.build();
        } catch (Exception e) {
            throw new AssertionError("a certificate could not be made", e);
        }
    }
}

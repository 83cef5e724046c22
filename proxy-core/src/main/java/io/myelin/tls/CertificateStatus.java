package io.myelin.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * What may be known of a certificate.
 *
 * @param file where it was read
 * @param names for which it is good, in lower case; the first of them is that of its subject if it has no others
 * @param keyType such as {@code EC} or {@code RSA}
 * @param notAfter from when on it is not good any more
 * @param fingerprint SHA-256 of the certificate, as hexadecimal digits
 */
public record CertificateStatus(
        Path file,
        String subject,
        String issuer,
        List<String> names,
        String keyType,
        Instant notBefore,
        Instant notAfter,
        String fingerprint) {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    public CertificateStatus {
        names = List.copyOf(names);
    }

    static CertificateStatus of(Path file, X509Certificate certificate) throws MalformedPemException {
        try {
            return new CertificateStatus(
                    file,
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getIssuerX500Principal().getName(),
                    namesOf(certificate),
                    certificate.getPublicKey().getAlgorithm(),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant(),
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (GeneralSecurityException e) {
            throw new MalformedPemException(file + ": a certificate cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> namesOf(X509Certificate certificate) throws CertificateParsingException {
        List<String> names = new ArrayList<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                Object kind = alternative.get(0);
                if (kind.equals(DNS_NAME) || kind.equals(IP_ADDRESS)) {
                    names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        String common = commonName(certificate.getSubjectX500Principal().getName());
        if (names.isEmpty() && common != null) {
            names.add(common.toLowerCase(Locale.ROOT));
        }
        return names;
    }

    private static @Nullable String commonName(String subject) {
        try {
            for (Rdn part : new LdapName(subject).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (InvalidNameException ignored) {
            // Nobody asks for it by a name that is none.
        }
        return null;
    }
}

package io.myelin.pem;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a text in PEM (RFC 7468) holds, whatever else stands between its blocks. */
public final class PemText {
    private static final Pattern BLOCK = Pattern.compile("(?s)-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private final List<Block> blocks;

    private PemText(List<Block> blocks) {
        this.blocks = blocks;
    }

    /** Returns the blocks of {@code text}, of which there may be none. */
    public static PemText of(String text) {
        return new PemText(BLOCK.matcher(text)
                .results()
                .map(found -> new Block(found.group(1), found.group(2)))
                .toList());
    }

    /** Returns every certificate in the order of the text. */
    public List<X509Certificate> certificates() throws PemException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : named("CERTIFICATE")) {
                certificates.add((X509Certificate) factory.generateCertificate(block.stream()));
            }
        } catch (CertificateException e) {
            throw new PemException("a certificate cannot be read: " + e.getMessage() + " (expected: X.509 in PEM)", e);
        }
        return certificates;
    }

    /** Returns every certificate in the order of the text, at least one. */
    public List<X509Certificate> requireCertificates() throws PemException {
        List<X509Certificate> certificates = certificates();
        if (certificates.isEmpty()) {
            throw new PemException("no certificates (expected: at least one in PEM)");
        }
        return certificates;
    }

    /** Returns every list of revoked certificates in the order of the text. */
    public List<X509CRL> revocations() throws PemException {
        List<X509CRL> lists = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : named("X509 CRL")) {
                lists.add((X509CRL) factory.generateCRL(block.stream()));
            }
        } catch (CertificateException | CRLException e) {
            throw new PemException(
                    "a revocation list cannot be read: " + e.getMessage() + " (expected: X509 CRL in PEM)", e);
        }
        return lists;
    }

    /** Returns the first private key, in whichever of its forms, {@code null} if there is none. */
    public @Nullable PrivateKey key() throws PemException {
        for (Block block : blocks) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return key(block);
            }
        }
        return null;
    }

    /** Returns the first private key, in whichever of its forms. */
    public PrivateKey requireKey() throws PemException {
        PrivateKey key = key();
        if (key == null) {
            throw new PemException("no private key (expected: one in PEM)");
        }
        return key;
    }

    private List<Block> named(String label) {
        return blocks.stream().filter(block -> block.label().equals(label)).toList();
    }

    private static PrivateKey key(Block block) throws PemException {
        if (block.isEncrypted()) {
            throw new PemException("the private key is encrypted (expected: one without a password)");
        }
        return switch (block.label()) {
            case "PRIVATE KEY" -> decode(block.content(), ALGORITHMS);
            case "RSA PRIVATE KEY" -> decode(OldKeys.ofRsa(block.content()), List.of("RSA"));
            case "EC PRIVATE KEY" -> decode(OldKeys.ofEllipticCurve(block.content()), List.of("EC"));
            default ->
                throw new PemException(
                        "the private key is in an unknown form (expected: PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY)");
        };
    }

    private static PrivateKey decode(byte[] pkcs8, List<String> algorithms) throws PemException {
        GeneralSecurityException failure = new GeneralSecurityException("no algorithm");
        for (String algorithm : algorithms) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                failure = e;
            }
        }
        throw new PemException(
                "the private key cannot be read (expected: one of " + String.join(", ", algorithms) + ")", failure);
    }

    /**
     * What stands between a line that begins and one that ends it.
     *
     * @param label what it says it is
     * @param body base64, after the header lines of an encrypted key of old (RFC 1421)
     */
    private record Block(String label, String body) {
        boolean isEncrypted() {
            return label.startsWith("ENCRYPTED") || body.contains(",ENCRYPTED");
        }

        byte[] content() throws PemException {
            try {
                return Base64.getMimeDecoder().decode(body.strip());
            } catch (IllegalArgumentException e) {
                throw new PemException(label + " is not base64: " + e.getMessage() + " (expected: base64)", e);
            }
        }

        ByteArrayInputStream stream() throws PemException {
            return new ByteArrayInputStream(content());
        }
    }
}

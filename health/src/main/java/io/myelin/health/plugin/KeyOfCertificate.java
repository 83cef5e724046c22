package io.myelin.health.plugin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Whether a key belongs to a certificate, which Netty finds out with the first handshake only. */
final class KeyOfCertificate {
    private static final byte[] SAMPLE = "myelin".getBytes(US_ASCII);

    private KeyOfCertificate() {}

    /**
     * Returns whether what the key in {@code key} (PKCS#8 in PEM) signs is what the first certificate in
     * {@code certificate} (PEM) confirms.
     */
    static boolean belongs(Path key, Path certificate) throws IOException, GeneralSecurityException {
        PublicKey confirming;
        try (InputStream in = Files.newInputStream(certificate)) {
            confirming = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
        }
        String kind = confirming.getAlgorithm();
        PrivateKey signing = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(contentOf(key)));
        Signature signature = Signature.getInstance(
                switch (kind) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> kind;
                });
        signature.initSign(signing);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(confirming);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }

    private static byte[] contentOf(Path file) throws IOException {
        String text = Files.readString(file, US_ASCII);
        int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
        int end = text.indexOf("-----END PRIVATE KEY-----");
        if (begin < 0 || end < begin) {
            throw new IOException("no PRIVATE KEY (expected: PKCS#8 in PEM)");
        }
        return Base64.getMimeDecoder().decode(text.substring(text.indexOf('\n', begin), end));
    }
}

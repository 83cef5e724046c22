package io.myelin.pem;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that are shown for it.
 *
 * @param chain the certificate of the key first, then those that vouch for it; not empty
 */
public record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {
    private static final byte[] SAMPLE = "myelin".getBytes(US_ASCII);

    public CertifiedKey {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: at least one certificate)");
        }
    }

    /** Returns whether the key is that of the certificate: lets the one sign something and the other confirm it. */
    public boolean matches() {
        PublicKey confirming = chain.get(0).getPublicKey();
        try {
            Signature signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> key.getAlgorithm();
                    });
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(confirming);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException anotherKind) {
            // Keys of two kinds do not understand each other's signatures.
            return false;
        }
    }
}

package io.myelin.pem;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates, lists and keys as tools write them. */
class PemTextTest {
    private static final Path FILES = Path.of("src/test/resources/tls");

    /** RFC 5915's form of a key on P-256, with its curve, as {@code openssl ecparam -genkey} writes it. */
    private static final String EC_HEAD = "30310201010420";

    private static final String P256 = "a00a06082a8648ce3d030107";

    @Test
    void readsPkcs8() throws GeneralSecurityException, PemException {
        for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
            KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();

            assertThat(PemText.of(pem("PRIVATE KEY", pair.getPrivate().getEncoded()))
                            .requireKey()
                            .getEncoded())
                    .isEqualTo(pair.getPrivate().getEncoded());
        }
    }

    @Test
    void readsPkcs1() throws GeneralSecurityException, PemException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
        // The version, the algorithm and the head of the octet string are 26 bytes in front of what PKCS #1 describes.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);

        assertThat(PemText.of("A word before\n" + pem("RSA PRIVATE KEY", pkcs1))
                        .requireKey()
                        .getEncoded())
                .isEqualTo(pkcs8);
    }

    @Test
    void readsSec1() throws GeneralSecurityException, PemException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        String secret = "1122334455667788112233445566778811223344556677881122334455667788";

        byte[] key = HexFormat.of().parseHex(EC_HEAD + secret + P256);

        String parameters = pem("EC PARAMETERS", HexFormat.of().parseHex(P256.substring(4)));
        assertThat(HexFormat.of()
                        .formatHex(PemText.of(parameters + pem("EC PRIVATE KEY", key))
                                .requireKey()
                                .getEncoded()))
                .contains(secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n"
            })
    void whatIsNoKeyIsSaid(String pem) {
        assertThatThrownBy(() -> PemText.of(pem).requireKey()).hasMessage("no private key (expected: one in PEM)");
    }

    @Test
    void aDamagedOrEncryptedKeyIsSaidWithoutShowingIt() {
        assertThatThrownBy(() -> PemText.of(pem("PRIVATE KEY", "secret".getBytes(US_ASCII)))
                        .requireKey())
                .hasMessage("the private key cannot be read (expected: one of RSA, EC, EdDSA)");
        assertThatThrownBy(() -> PemText.of(pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2}))
                        .requireKey())
                .hasMessage("the private key is cut short (expected: all of it)");
        assertThatThrownBy(() -> PemText.of(pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 1}))
                        .requireKey())
                .hasMessage("the private key does not name its curve (expected: SEC 1 with a named curve, or PKCS #8)");
        assertThatThrownBy(() ->
                        PemText.of(pem("OPENSSH PRIVATE KEY", new byte[200])).requireKey())
                .hasMessage("the private key is in an unknown form (expected: PRIVATE KEY, RSA PRIVATE KEY or EC"
                        + " PRIVATE KEY)");
        assertThatThrownBy(() -> PemText.of("-----BEGIN PRIVATE KEY-----\nAAAAA\n-----END PRIVATE KEY-----")
                        .requireKey())
                .hasMessageStartingWith("PRIVATE KEY is not base64: ");
        assertThatThrownBy(
                        () -> PemText.of(pem("RSA PRIVATE KEY", new byte[200])).requireKey())
                .hasMessage("the private key cannot be read (expected: one of RSA)");
        for (String encrypted : new String[] {
            pem("ENCRYPTED PRIVATE KEY", new byte[20]),
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
                    + "-----END RSA PRIVATE KEY-----"
        }) {
            assertThatThrownBy(() -> PemText.of(encrypted).requireKey())
                    .hasMessage("the private key is encrypted (expected: one without a password)");
        }
    }

    @Test
    void aTextHasAsManyCertificatesAsItHas() throws PemException {
        assertThat(PemText.of("nothing").certificates()).isEmpty();
        assertThat(PemText.of("nothing").revocations()).isEmpty();
        assertThat(PemText.of("nothing").key()).isNull();
        assertThatThrownBy(() -> PemText.of("nothing").requireCertificates())
                .hasMessage("no certificates (expected: at least one in PEM)");
        assertThatThrownBy(() -> PemText.of(pem("CERTIFICATE", new byte[20])).certificates())
                .hasMessageStartingWith("a certificate cannot be read: ");
        assertThatThrownBy(() -> PemText.of(pem("X509 CRL", new byte[20])).revocations())
                .hasMessageStartingWith("a revocation list cannot be read: ");
    }

    @Test
    void aKeyMatchesItsCertificateOnly() throws IOException, GeneralSecurityException, PemException {
        PemText rsa = PemText.of(Files.readString(FILES.resolve("old-rsa.pem")));
        PemText ellipticCurve = PemText.of(Files.readString(FILES.resolve("old-ec.pem")));
        PrivateKey another =
                KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();

        assertThat(new CertifiedKey(rsa.certificates(), rsa.requireKey()).matches())
                .isTrue();
        assertThat(new CertifiedKey(ellipticCurve.certificates(), ellipticCurve.requireKey()).matches())
                .isTrue();
        assertThat(new CertifiedKey(rsa.certificates(), ellipticCurve.requireKey()).matches())
                .isFalse();
        assertThat(new CertifiedKey(rsa.certificates(), another).matches()).isFalse();
        assertThatThrownBy(() -> new CertifiedKey(List.of(), rsa.requireKey()))
                .hasMessage("chain: empty (expected: at least one certificate)");
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }
}

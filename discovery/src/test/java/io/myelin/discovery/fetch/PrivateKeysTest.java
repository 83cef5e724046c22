package io.myelin.discovery.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as tools write them. */
class PrivateKeysTest {
    /** RFC 5915's form of a key on P-256, with its curve, as {@code openssl ecparam -genkey} writes it. */
    private static final String EC_HEAD = "30310201010420";

    private static final String P256 = "a00a06082a8648ce3d030107";

    @Test
    void readsPkcs8() throws GeneralSecurityException, MalformedPemException {
        for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
            KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();

            assertThat(PrivateKeys.read(pem("PRIVATE KEY", pair.getPrivate().getEncoded()))
                            .getEncoded())
                    .isEqualTo(pair.getPrivate().getEncoded());
        }
    }

    @Test
    void readsPkcs1() throws GeneralSecurityException, MalformedPemException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
        // The version, the algorithm and the head of the octet string are 26 bytes in front of what PKCS #1 describes.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);

        assertThat(PrivateKeys.read("A word before\n" + pem("RSA PRIVATE KEY", pkcs1))
                        .getEncoded())
                .isEqualTo(pkcs8);
    }

    @Test
    void readsSec1() throws GeneralSecurityException, MalformedPemException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        String secret = "1122334455667788112233445566778811223344556677881122334455667788";

        byte[] key = HexFormat.of().parseHex(EC_HEAD + secret + P256);

        String parameters = pem("EC PARAMETERS", HexFormat.of().parseHex(P256.substring(4)));
        assertThat(HexFormat.of()
                        .formatHex(PrivateKeys.read(parameters + pem("EC PRIVATE KEY", key))
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
        assertThatThrownBy(() -> PrivateKeys.read(pem)).hasMessage("no private key (expected: one in PEM)");
    }

    @Test
    void aDamagedOrEncryptedKeyIsSaidWithoutShowingIt() {
        assertThatThrownBy(() -> PrivateKeys.read(pem("PRIVATE KEY", "secret".getBytes(US_ASCII))))
                .hasMessage("the private key cannot be read (expected: one of RSA, EC, EdDSA, DSA)");
        assertThatThrownBy(() -> PrivateKeys.read(pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2})))
                .hasMessage("the private key is damaged (expected: one in PEM)");
        assertThatThrownBy(() -> PrivateKeys.read(pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 1})))
                .hasMessage("the private key is damaged (expected: one in PEM)");
        assertThatThrownBy(() -> PrivateKeys.read(pem("RSA PRIVATE KEY", new byte[200])))
                .hasMessage("the private key cannot be read (expected: one of RSA)");
        for (String encrypted : new String[] {
            pem("ENCRYPTED PRIVATE KEY", new byte[20]),
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
                    + "-----END RSA PRIVATE KEY-----"
        }) {
            assertThatThrownBy(() -> PrivateKeys.read(encrypted))
                    .hasMessage("the private key is encrypted (expected: one without a password)");
        }
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }
}

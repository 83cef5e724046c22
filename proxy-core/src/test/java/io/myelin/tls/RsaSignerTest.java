package io.myelin.tls;

import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_ECDSA_SECP256R1_SHA256;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_MD5_SHA1;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA1;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA256;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA384;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PKCS1_SHA512;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PSS_RSAE_SHA256;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PSS_RSAE_SHA384;
import static io.netty.handler.ssl.OpenSslPrivateKeyMethod.SSL_SIGN_RSA_PSS_RSAE_SHA512;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.OpenSsl;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is signed instead of BoringSSL is what the JDK's verifiers expect. */
class RsaSignerTest {
    private static final byte[] TEXT = "what both have said so far".getBytes(US_ASCII);
    private static KeyPair keys;
    private static SSLEngine engine;

    @BeforeAll
    static void generate() throws NoSuchAlgorithmException {
        // The schemes' numbers are the engine's.
        OpenSsl.ensureAvailability();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        engine = SSLContext.getDefault().createSSLEngine();
    }

    private static RsaSigner signer() throws GeneralSecurityException {
        return new RsaSigner(keys.getPrivate(), Security.getProvider("SunRsaSign"));
    }

    @Test
    void signsAsEachSchemeWants() throws GeneralSecurityException {
        verify(SSL_SIGN_RSA_PKCS1_SHA1, Signature.getInstance("SHA1withRSA"));
        verify(SSL_SIGN_RSA_PKCS1_SHA256, Signature.getInstance("SHA256withRSA"));
        verify(SSL_SIGN_RSA_PKCS1_SHA384, Signature.getInstance("SHA384withRSA"));
        verify(SSL_SIGN_RSA_PKCS1_SHA512, Signature.getInstance("SHA512withRSA"));
        verify(SSL_SIGN_RSA_PSS_RSAE_SHA256, salted(MGF1ParameterSpec.SHA256, 32));
        verify(SSL_SIGN_RSA_PSS_RSAE_SHA384, salted(MGF1ParameterSpec.SHA384, 48));
        verify(SSL_SIGN_RSA_PSS_RSAE_SHA512, salted(MGF1ParameterSpec.SHA512, 64));
    }

    @Test
    void signsTwoDigestsForOldVersions() throws GeneralSecurityException {
        byte[] signed = signer().sign(engine, SSL_SIGN_RSA_PKCS1_MD5_SHA1, TEXT);

        Cipher open = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        open.init(Cipher.DECRYPT_MODE, keys.getPublic());
        assertThat(open.doFinal(signed))
                .startsWith(MessageDigest.getInstance("MD5").digest(TEXT))
                .endsWith(MessageDigest.getInstance("SHA-1").digest(TEXT))
                .hasSize(36);
    }

    @Test
    void decryptsWithoutALookAtThePadding() throws GeneralSecurityException {
        RSAPublicKey known = (RSAPublicKey) keys.getPublic();
        byte[] padded = new byte[256];
        padded[1] = 2;
        padded[255] = 7;
        byte[] secret = fixed(new BigInteger(1, padded).modPow(known.getPublicExponent(), known.getModulus()));

        assertThat(signer().decrypt(engine, secret)).isEqualTo(padded);
    }

    @Test
    void refusesToSignAsOtherKeysDo() {
        assertThatThrownBy(() -> signer().sign(engine, SSL_SIGN_ECDSA_SECP256R1_SHA256, TEXT))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage("not a way to sign with RSA: 0x403");
    }

    @Test
    void leavesKeysAloneThatAreNotRsa() throws GeneralSecurityException, MalformedPemException {
        assertThat(RsaSigner.of(
                        KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate()))
                .isNull();
    }

    @Test
    void isForProcessorsThatHaveAllOfTheInstructions() {
        String some = "flags\t\t: fpu sse2 avx2 avx512f avx512dq avx512vl";
        assertThat(RsaSigner.suits(Stream.of("processor\t: 0", some + " avx512ifma", some)))
                .isTrue();
        assertThat(RsaSigner.suits(Stream.of("processor\t: 0", some))).isFalse();
        assertThat(RsaSigner.suits(Stream.of("Features\t: fp asimd"))).isFalse();
    }

    private static void verify(int scheme, Signature verifier) throws GeneralSecurityException {
        byte[] signed = signer().sign(engine, scheme, TEXT);
        verifier.initVerify(keys.getPublic());
        verifier.update(TEXT);
        assertThat(verifier.verify(signed)).as("0x%x", scheme).isTrue();
    }

    private static Signature salted(MGF1ParameterSpec digest, int saltBytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(new PSSParameterSpec(digest.getDigestAlgorithm(), "MGF1", digest, saltBytes, 1));
        return signature;
    }

    private static byte[] fixed(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[256];
        int length = Math.min(bytes.length, 256);
        System.arraycopy(bytes, bytes.length - length, fixed, 256 - length, length);
        return fixed;
    }
}

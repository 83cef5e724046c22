package io.myelin.tls;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves with an RSA key whose certificate it is that a handshake shows, by AWS-LC instead of BoringSSL.
 *
 * <p>AWS-LC, as OpenSSL 3, knows the instructions for large numbers of processors from Ice Lake and Zen 4 on (AVX-512
 * IFMA), with which a signature of 2,048 bits takes about half the time that BoringSSL needs. Everything else of a
 * handshake stays with BoringSSL. Immutable; any thread.
 */
final class RsaSigner implements OpenSslPrivateKeyMethod {
    private static final Logger log = LoggerFactory.getLogger(RsaSigner.class);
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** What the code for large numbers asks of a processor, in the words of Linux. */
    private static final Set<String> NEEDED = Set.of("avx512f", "avx512dq", "avx512vl", "avx512ifma");

    private final Provider provider;
    private final PrivateKey key;
    private final PrivateKey translated;

    /**
     * Creates a signer that has {@code provider} compute.
     *
     * @throws GeneralSecurityException if the provider cannot use the key
     */
    RsaSigner(PrivateKey key, Provider provider) throws GeneralSecurityException {
        this.provider = provider;
        this.key = key;
        this.translated = (PrivateKey) KeyFactory.getInstance("RSA", provider).translateKey(key);
    }

    /** Returns what signs with {@code key}, {@code null} if the engine does that as well by itself. */
    static @Nullable RsaSigner of(PrivateKey key) throws MalformedPemException {
        if (!key.getAlgorithm().equals("RSA") || !OpenSsl.isAvailable()) {
            return null;
        }
        Provider quick = Quick.PROVIDER;
        try {
            return quick == null ? null : new RsaSigner(key, quick);
        } catch (GeneralSecurityException e) {
            throw new MalformedPemException("an RSA key cannot be used: " + e.getMessage(), e);
        }
    }

    /** Returns whether one of {@code lines} of Linux's description of the processors has all flags that are needed. */
    static boolean suits(Stream<String> lines) {
        return lines.filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> List.of(line.split("\\s+")).containsAll(NEEDED))
                .orElse(false);
    }

    /** The library is loaded, which takes some 70 ms, when the first RSA key is read that can gain by it. */
    private static final class Quick {
        static final @Nullable Provider PROVIDER = load();

        private static @Nullable Provider load() {
            try (Stream<String> lines = Files.lines(PROCESSORS)) {
                if (!suits(lines)) {
                    return null;
                }
            } catch (IOException e) {
                log.debug("Processor not known, RSA is left to the TLS engine", e);
                return null;
            }
            AmazonCorrettoCryptoProvider loaded = AmazonCorrettoCryptoProvider.INSTANCE;
            Throwable error = loaded.getLoadingError();
            if (error != null) {
                log.warn("Library for RSA not loaded, the TLS engine goes on without: error={}", String.valueOf(error));
                return null;
            }
            return loaded;
        }
    }

    /**
     * Signs {@code input}, which is the text itself and not its digest.
     *
     * @param algorithm a constant of {@link OpenSslPrivateKeyMethod}, the SignatureScheme of RFC 8446 section 4.2.3
     */
    @Override
    public byte[] sign(SSLEngine engine, int algorithm, byte[] input) throws GeneralSecurityException {
        if (algorithm == SSL_SIGN_RSA_PKCS1_MD5_SHA1) {
            return signAsBeforeTls12(input);
        }
        Signature signature = signature(algorithm);
        signature.initSign(translated);
        signature.update(input);
        return signature.sign();
    }

    private Signature signature(int algorithm) throws GeneralSecurityException {
        if (algorithm == SSL_SIGN_RSA_PSS_RSAE_SHA256) {
            return probabilistic(MGF1ParameterSpec.SHA256, 32);
        }
        if (algorithm == SSL_SIGN_RSA_PSS_RSAE_SHA384) {
            return probabilistic(MGF1ParameterSpec.SHA384, 48);
        }
        if (algorithm == SSL_SIGN_RSA_PSS_RSAE_SHA512) {
            return probabilistic(MGF1ParameterSpec.SHA512, 64);
        }
        if (algorithm == SSL_SIGN_RSA_PKCS1_SHA256) {
            return Signature.getInstance("SHA256withRSA", provider);
        }
        if (algorithm == SSL_SIGN_RSA_PKCS1_SHA384) {
            return Signature.getInstance("SHA384withRSA", provider);
        }
        if (algorithm == SSL_SIGN_RSA_PKCS1_SHA512) {
            return Signature.getInstance("SHA512withRSA", provider);
        }
        if (algorithm == SSL_SIGN_RSA_PKCS1_SHA1) {
            return Signature.getInstance("SHA1withRSA", provider);
        }
        throw new GeneralSecurityException("not a way to sign with RSA: 0x" + Integer.toHexString(algorithm));
    }

    /** RFC 8446 wants a salt as long as the digest. */
    private Signature probabilistic(MGF1ParameterSpec digest, int saltBytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("RSASSA-PSS", provider);
        signature.setParameter(new PSSParameterSpec(digest.getDigestAlgorithm(), "MGF1", digest, saltBytes, 1));
        return signature;
    }

    /** Two digests, padded as PKCS #1 version 1.5 wants, without a name: RFC 4346 section 7.4.3. */
    private byte[] signAsBeforeTls12(byte[] input) throws GeneralSecurityException {
        byte[] digests = new byte[36];
        System.arraycopy(MessageDigest.getInstance("MD5").digest(input), 0, digests, 0, 16);
        System.arraycopy(MessageDigest.getInstance("SHA-1").digest(input), 0, digests, 16, 20);
        Cipher padded = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        padded.init(Cipher.ENCRYPT_MODE, key);
        return padded.doFinal(digests);
    }

    /** Decrypts for handshakes without forward secrecy; the engine itself looks at the padding, in constant time. */
    @Override
    public byte[] decrypt(SSLEngine engine, byte[] input) throws GeneralSecurityException {
        Cipher raw = Cipher.getInstance("RSA/ECB/NoPadding");
        raw.init(Cipher.DECRYPT_MODE, key);
        return raw.doFinal(input);
    }
}

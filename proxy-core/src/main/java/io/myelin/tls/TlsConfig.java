package io.myelin.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a listener encrypts what it says.
 *
 * @param certificate a PEM file with the certificate, those that vouch for it, and the private key, which may also be
 *     in a file of the same name with {@code .key} behind it; or a directory, the first of whose files counts
 * @param key a PEM file with the private key alone; {@code null} if it is where {@code certificate} says
 * @param protocols that clients may speak, such as {@code TLSv1.3}; at least one
 * @param ciphers that clients may use up to TLS 1.2, by OpenSSL's names, the preferred first; empty for the usual ones
 */
public record TlsConfig(String certificate, @Nullable String key, List<String> protocols, List<String> ciphers) {
    /** All that there are which are not known to be broken. */
    public static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

    public TlsConfig {
        if (certificate.isBlank()) {
            throw new IllegalArgumentException("certificate: blank (expected: a PEM file or a directory)");
        }
        if (key != null && key.isBlank()) {
            throw new IllegalArgumentException("key: blank (expected: a PEM file)");
        }
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("protocols: none (expected: at least one, such as TLSv1.3)");
        }
    }

    /**
     * Returns the usual settings with this certificate.
     *
     * @param key {@code null} if the key is where {@code certificate} says
     */
    public static TlsConfig of(String certificate, @Nullable String key) {
        return new TlsConfig(certificate, key, DEFAULT_PROTOCOLS, List.of());
    }
}

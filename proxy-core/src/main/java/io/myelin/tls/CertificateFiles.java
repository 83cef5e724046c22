package io.myelin.tls;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where certificates and their private keys are.
 *
 * @param certificate a PEM file with the certificate, those that vouch for it, and the private key, which may also be
 *     in a file of the same name with {@code .key} behind it; a directory of such files; or a name for which there are
 *     two, with {@code .rsa} and {@code .ecdsa} behind it
 * @param key a PEM file with the private key alone; {@code null} if it is where {@code certificate} says
 * @param names for which the certificate is shown, such as {@code web.example.org} or {@code *.example.org}; empty for
 *     those that it bears
 */
public record CertificateFiles(String certificate, @Nullable String key, List<String> names) {
    public CertificateFiles {
        if (certificate.isBlank()) {
            throw new IllegalArgumentException("certificate: blank (expected: a PEM file or a directory)");
        }
        if (key != null && key.isBlank()) {
            throw new IllegalArgumentException("key: blank (expected: a PEM file)");
        }
        names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /** Returns files with certificates that are shown for the names that they bear. */
    public static CertificateFiles of(String certificate, @Nullable String key) {
        return new CertificateFiles(certificate, key, List.of());
    }
}

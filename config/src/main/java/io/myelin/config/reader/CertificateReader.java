package io.myelin.config.reader;

import io.myelin.config.DevelopmentTls;
import io.myelin.config.document.Problems;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import io.myelin.tls.TlsIdentity;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads what a binding says of the certificate that its clients see. */
final class CertificateReader {
    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "key";
    private static final String HTTPS = "https";
    private static final String DEVELOPMENT = "development";
    private static final String FORMS = "a PEM file with certificate and private key, or development";

    private final Section binding;
    private final Problems problems;

    CertificateReader(Section binding) {
        this.binding = binding;
        this.problems = binding.problems();
    }

    /**
     * Returns how connections are encrypted, {@code null} if nothing is said of a certificate.
     *
     * @param protocol of the binding, which has to be https to have a certificate
     */
    @Nullable
    TlsConfig read(String protocol) {
        if (!binding.has(CERTIFICATE)) {
            if (binding.has(KEY)) {
                problems.error(binding.whereKey(KEY), "is set without a certificate", CERTIFICATE);
            }
            return null;
        }
        if (!protocol.equals(HTTPS)) {
            problems.error(binding.whereKey(CERTIFICATE), "is set beside another protocol", "protocol: https");
            return null;
        }
        String certificate = binding.text(CERTIFICATE);
        if (certificate == null) {
            return null;
        }
        if (certificate.equals(DEVELOPMENT)) {
            if (binding.has(KEY)) {
                problems.error(binding.whereKey(KEY), "is set beside certificate: development", "one of them");
            }
            return DevelopmentTls.PENDING;
        }
        return given(certificate, binding.text(KEY));
    }

    private @Nullable TlsConfig given(String certificate, @Nullable String key) {
        Path folder = TyeFile.folder(Path.of(binding.where().place().file()));
        try {
            TlsConfig config = TlsConfig.of(
                    folder.resolve(certificate).toString(),
                    key == null ? null : folder.resolve(key).toString());
            for (CertificateStatus expired : TlsIdentity.of(config).expired()) {
                problems.warning(
                        binding.where(CERTIFICATE), expired.file() + " has expired: not_after=" + expired.notAfter());
            }
            return config;
        } catch (MalformedPemException e) {
            problems.error(binding.where(CERTIFICATE), String.valueOf(e.getMessage()), FORMS);
        } catch (IllegalArgumentException noPath) {
            problems.error(binding.where(CERTIFICATE), certificate + " is not a path", FORMS);
        }
        return null;
    }
}

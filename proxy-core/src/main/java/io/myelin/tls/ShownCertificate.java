package io.myelin.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that a listener shows.
 *
 * @param names for which it is shown
 * @param staple shown along with it, {@code null} for nothing
 * @param flaw why what there is to be shown along with it is not, {@code null} if nothing is wrong
 */
record ShownCertificate(
        PemFile pem,
        CertificateStatus status,
        List<String> names,
        @Nullable Staple staple,
        @Nullable String flaw) {
    ShownCertificate {
        names = List.copyOf(names);
    }
}

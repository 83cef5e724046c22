package io.myelin.tls;

import java.util.List;

/**
 * A certificate that a listener shows.
 *
 * @param names for which it is shown
 */
record ShownCertificate(PemFile pem, CertificateStatus status, List<String> names) {
    ShownCertificate {
        names = List.copyOf(names);
    }
}

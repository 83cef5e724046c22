package io.myelin.tls;

import org.jspecify.annotations.Nullable;

/**
 * What is asked of clients.
 *
 * @param ca a PEM file with the authorities whose certificates are good
 * @param required whether clients without a certificate are refused; one that is shown has to be good in any case
 * @param crl a PEM file with the lists of what those authorities revoked, one of each; {@code null} to ask for none
 */
public record ClientAuth(
        String ca, boolean required, @Nullable String crl) {
    public ClientAuth {
        if (ca.isBlank()) {
            throw new IllegalArgumentException("ca: blank (expected: a PEM file with certificates)");
        }
    }
}

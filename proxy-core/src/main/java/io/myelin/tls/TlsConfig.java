package io.myelin.tls;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a listener encrypts what it says.
 *
 * @param certificates at least one; the first certificate is shown to clients who name none that is there
 * @param strictSni whether such clients are refused instead
 * @param protocols that clients may speak, such as {@code TLSv1.3}; at least one
 * @param ciphers that clients may use up to TLS 1.2, by OpenSSL's names, the preferred first; empty for
 *     {@link Ciphers#DEFAULT}
 * @param groups with which keys are agreed, such as {@code x25519}, the preferred first; empty for the usual ones
 * @param alpn what is spoken inside, such as {@code http/1.1}, the preferred first; empty to say nothing of it
 * @param clientAuth what is asked of clients, {@code null} for nothing
 * @param handshakeTimeout how long a handshake may take
 * @param sessions how clients that come again are spared a full handshake
 */
public record TlsConfig(
        List<CertificateFiles> certificates,
        boolean strictSni,
        List<String> protocols,
        List<String> ciphers,
        List<String> groups,
        List<String> alpn,
        @Nullable ClientAuth clientAuth,
        Duration handshakeTimeout,
        SessionConfig sessions) {
    /** All that there are which are not known to be broken. */
    public static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

    public static final Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    public TlsConfig {
        certificates = List.copyOf(certificates);
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
        groups = List.copyOf(groups);
        alpn = List.copyOf(alpn);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("certificates: none (expected: at least one)");
        }
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("protocols: none (expected: at least one, such as TLSv1.3)");
        }
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("handshake_timeout: " + handshakeTimeout + " (expected: > 0)");
        }
    }

    /** Returns the usual settings with these certificates. */
    public static TlsConfig of(List<CertificateFiles> certificates) {
        return new TlsConfig(
                certificates,
                false,
                DEFAULT_PROTOCOLS,
                List.of(),
                List.of(),
                List.of(),
                null,
                DEFAULT_HANDSHAKE_TIMEOUT,
                SessionConfig.DEFAULT);
    }

    /**
     * Returns the usual settings with this certificate.
     *
     * @param key {@code null} if the key is where {@code certificate} says
     */
    public static TlsConfig of(String certificate, @Nullable String key) {
        return of(List.of(CertificateFiles.of(certificate, key)));
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private final List<CertificateFiles> certificates;
        private boolean strictSni;
        private List<String> protocols;
        private List<String> ciphers;
        private List<String> groups;
        private List<String> alpn;
        private @Nullable ClientAuth clientAuth;
        private Duration handshakeTimeout;
        private SessionConfig sessions;

        private Builder(TlsConfig settings) {
            certificates = settings.certificates;
            strictSni = settings.strictSni;
            protocols = settings.protocols;
            ciphers = settings.ciphers;
            groups = settings.groups;
            alpn = settings.alpn;
            clientAuth = settings.clientAuth;
            handshakeTimeout = settings.handshakeTimeout;
            sessions = settings.sessions;
        }

        public Builder strictSni(boolean newStrictSni) {
            strictSni = newStrictSni;
            return this;
        }

        public Builder protocols(List<String> newProtocols) {
            protocols = newProtocols;
            return this;
        }

        public Builder ciphers(List<String> newCiphers) {
            ciphers = newCiphers;
            return this;
        }

        public Builder groups(List<String> newGroups) {
            groups = newGroups;
            return this;
        }

        public Builder alpn(List<String> newAlpn) {
            alpn = newAlpn;
            return this;
        }

        public Builder clientAuth(@Nullable ClientAuth newClientAuth) {
            clientAuth = newClientAuth;
            return this;
        }

        public Builder handshakeTimeout(Duration newHandshakeTimeout) {
            handshakeTimeout = newHandshakeTimeout;
            return this;
        }

        public Builder sessions(SessionConfig newSessions) {
            sessions = newSessions;
            return this;
        }

        public TlsConfig build() {
            return new TlsConfig(
                    certificates, strictSni, protocols, ciphers, groups, alpn, clientAuth, handshakeTimeout, sessions);
        }
    }
}

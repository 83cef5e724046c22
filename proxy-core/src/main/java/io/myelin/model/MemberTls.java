package io.myelin.model;

import io.myelin.model.OwnedBy.Owner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How connections to members are encrypted. Files are PEM files.
 *
 * @param enabled whether they are; the other settings wait for an endpoint whose own options enable them
 * @param verify whether a member has to prove who it is
 * @param authorities the file of those who may vouch for members, {@code null} for whom this Java trusts
 * @param revocations the file of the lists of certificates that do not count any more, one of everybody who vouches;
 *     {@code null} for none
 * @param serverName the name that members are asked for and have to prove; {@code null} for the host of each, empty for
 *     none
 * @param nameSource what of a client names whom members are asked for in its place; {@code null} for nothing
 * @param verifiedName the name that members have to prove who are not asked for one, {@code null} for any
 * @param certificate the file of what members are shown that ask, with those who vouch for it; {@code null} for nothing
 * @param key the file of the private key, {@code null} if the certificate's has it, or one of the same name with
 *     {@code .key} behind it
 * @param protocols that are spoken, such as {@code TLSv1.3}; at least one
 * @param ciphers that are offered up to TLS 1.2, by OpenSSL's names; empty for the usual ones
 * @param applicationProtocols that are offered by ALPN (RFC 7301), the preferred first; empty for no offer
 * @param resumes whether a connection may take up the session of an earlier one
 * @param checks whether checks are encrypted, {@code null} for as traffic is, unless they go to a port of their own
 * @param checkName what stands in the place of {@code serverName} for checks, {@code null} for nothing
 * @param checkProtocols what stands in the place of {@code applicationProtocols} for checks, {@code null} for nothing
 * @param requestsOnly whether connections for HTTP requests are encrypted, and those of TCP carry what clients say, who
 *     encrypt it themselves
 */
public record MemberTls(
        boolean enabled,
        boolean verify,
        @Nullable String authorities,
        @Nullable String revocations,
        @Nullable String serverName,
        @Nullable NameSource nameSource,
        @Nullable String verifiedName,
        @Nullable String certificate,
        @Nullable String key,
        List<String> protocols,
        List<String> ciphers,
        List<String> applicationProtocols,
        boolean resumes,
        @Nullable Boolean checks,
        @Nullable String checkName,
        @Nullable List<String> checkProtocols,
        boolean requestsOnly) {
    /** All versions that are not known to be broken. */
    public static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

    /** Plain text, unless an endpoint says otherwise; names are then compared only if they are said, as by HAProxy. */
    public static final MemberTls OFF = new MemberTls(
            false,
            true,
            null,
            null,
            "",
            null,
            null,
            null,
            null,
            DEFAULT_PROTOCOLS,
            List.of(),
            List.of(),
            true,
            null,
            null,
            null,
            false);

    /** Every member has to prove the name of its host to whom this Java trusts. */
    public static final MemberTls VERIFIED =
            OFF.with().enabled(true).serverName(null).build();

    private static final String LOCAL_NAME = "localhost";

    public MemberTls {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
        applicationProtocols = List.copyOf(applicationProtocols);
        checkProtocols = checkProtocols == null ? null : List.copyOf(checkProtocols);
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("protocols: none (expected: at least one, such as TLSv1.3)");
        }
    }

    /** Returns how traffic is encrypted, {@code null} if it is not; equal settings of traffic and checks are equal. */
    public @Nullable MemberTls ofTraffic() {
        return enabled ? effective() : null;
    }

    /**
     * Returns how checks are encrypted, {@code null} if they are not.
     *
     * @param elsewhere whether they go to another port than traffic
     */
    public @Nullable MemberTls ofChecks(boolean elsewhere) {
        boolean encrypted = checks == null ? enabled && !elsewhere : checks;
        return encrypted
                ? with().serverName(checkName == null ? serverName : checkName)
                        .nameSource(null)
                        .applicationProtocols(checkProtocols == null ? applicationProtocols : checkProtocols)
                        .build()
                        .effective()
                : null;
    }

    private MemberTls effective() {
        return with().enabled(true)
                .checks(null)
                .checkName(null)
                .checkProtocols(null)
                .build();
    }

    /**
     * Returns the name that {@code endpoint} is asked for or has to prove, {@code null} for any.
     *
     * @param said what {@code nameSource} has of the client, {@code null} for nothing
     */
    public @Nullable String nameOf(Endpoint endpoint, @Nullable String said) {
        if (said != null && nameSource != null) {
            return said;
        }
        if (serverName == null) {
            return endpoint.unix() ? LOCAL_NAME : endpoint.host();
        }
        return serverName.isEmpty() ? verifiedName : serverName;
    }

    /**
     * Returns whether members are asked for their name, rather than having to prove it unasked.
     *
     * @param said as in {@link #nameOf}
     */
    public boolean asks(@Nullable String said) {
        return (said != null && nameSource != null) || serverName == null || !serverName.isEmpty();
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private boolean enabled;
        private boolean verify;
        private @Nullable String authorities;
        private @Nullable String revocations;
        private @Nullable String serverName;
        private @Nullable NameSource nameSource;
        private @Nullable String verifiedName;
        private @Nullable String certificate;
        private @Nullable String key;
        private List<String> protocols;
        private List<String> ciphers;
        private List<String> applicationProtocols;
        private boolean resumes;
        private @Nullable Boolean checks;
        private @Nullable String checkName;
        private @Nullable List<String> checkProtocols;
        private boolean requestsOnly;

        private Builder(MemberTls settings) {
            enabled = settings.enabled;
            verify = settings.verify;
            authorities = settings.authorities;
            revocations = settings.revocations;
            serverName = settings.serverName;
            nameSource = settings.nameSource;
            verifiedName = settings.verifiedName;
            certificate = settings.certificate;
            key = settings.key;
            protocols = settings.protocols;
            ciphers = settings.ciphers;
            applicationProtocols = settings.applicationProtocols;
            resumes = settings.resumes;
            checks = settings.checks;
            checkName = settings.checkName;
            checkProtocols = settings.checkProtocols;
            requestsOnly = settings.requestsOnly;
        }

        public Builder enabled(boolean newEnabled) {
            enabled = newEnabled;
            return this;
        }

        public Builder verify(boolean newVerify) {
            verify = newVerify;
            return this;
        }

        public Builder authorities(@Nullable String newAuthorities) {
            authorities = newAuthorities;
            return this;
        }

        public Builder revocations(@Nullable String newRevocations) {
            revocations = newRevocations;
            return this;
        }

        public Builder serverName(@Nullable String newServerName) {
            serverName = newServerName;
            return this;
        }

        public Builder nameSource(@Nullable NameSource newNameSource) {
            nameSource = newNameSource;
            return this;
        }

        public Builder verifiedName(@Nullable String newVerifiedName) {
            verifiedName = newVerifiedName;
            return this;
        }

        public Builder certificate(@Nullable String newCertificate) {
            certificate = newCertificate;
            return this;
        }

        public Builder key(@Nullable String newKey) {
            key = newKey;
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

        public Builder applicationProtocols(List<String> newApplicationProtocols) {
            applicationProtocols = newApplicationProtocols;
            return this;
        }

        public Builder resumes(boolean newResumes) {
            resumes = newResumes;
            return this;
        }

        public Builder checks(@Nullable Boolean newChecks) {
            checks = newChecks;
            return this;
        }

        public Builder checkName(@Nullable String newCheckName) {
            checkName = newCheckName;
            return this;
        }

        public Builder checkProtocols(@Nullable List<String> newCheckProtocols) {
            checkProtocols = newCheckProtocols;
            return this;
        }

        public Builder requestsOnly(boolean newRequestsOnly) {
            requestsOnly = newRequestsOnly;
            return this;
        }

        List<String> protocols() {
            return protocols;
        }

        public MemberTls build() {
            return new MemberTls(
                    enabled,
                    verify,
                    authorities,
                    revocations,
                    serverName,
                    nameSource,
                    verifiedName,
                    certificate,
                    key,
                    protocols,
                    ciphers,
                    applicationProtocols,
                    resumes,
                    checks,
                    checkName,
                    checkProtocols,
                    requestsOnly);
        }
    }
}

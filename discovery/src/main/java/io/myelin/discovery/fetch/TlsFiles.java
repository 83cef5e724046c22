package io.myelin.discovery.fetch;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows of itself, and whom it trusts, in files in PEM.
 *
 * @param caFile certificates that the server's must be signed by; {@code null} for those that the JDK trusts
 * @param certFile the client's certificate and those that vouch for it; {@code null} for none
 * @param keyFile the private key of that certificate, in PKCS #8, PKCS #1 or SEC 1, and not encrypted; there if and
 *     only if {@code certFile} is
 */
public record TlsFiles(
        @Nullable Path caFile,
        @Nullable Path certFile,
        @Nullable Path keyFile) {
    /** The JDK's trust, and no certificate of one's own. */
    public static final TlsFiles NONE = new TlsFiles(null, null, null);

    public TlsFiles {
        if ((certFile == null) != (keyFile == null)) {
            throw new IllegalArgumentException(
                    (certFile == null ? "cert_file" : "key_file") + ": missing (expected: cert_file and key_file)");
        }
    }

    /** Returns the files that Docker's own client expects in the directory of {@code DOCKER_CERT_PATH}. */
    public static TlsFiles in(Path directory) {
        return new TlsFiles(directory.resolve("ca.pem"), directory.resolve("cert.pem"), directory.resolve("key.pem"));
    }

    Stream<Path> all() {
        return Stream.of(caFile, certFile, keyFile).filter(file -> file != null);
    }
}

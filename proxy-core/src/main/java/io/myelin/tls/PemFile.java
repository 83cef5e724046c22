package io.myelin.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.myelin.pem.CertifiedKey;
import io.myelin.pem.PemException;
import io.myelin.pem.PemText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a listener shows of itself: a certificate and those that vouch for it, and the private key that proves it.
 *
 * @param file where the certificate was read
 * @param chain the listener's own certificate first
 */
record PemFile(Path file, List<X509Certificate> chain, PrivateKey key) {
    private static final int MAX_FILE_BYTES = 1024 * 1024;
    private static final List<String> COMPANIONS = List.of(".key", ".ocsp", ".issuer", ".sctl", ".dh");

    /** HAProxy's ends of the names of certificates that differ in nothing but the kind of their keys. */
    private static final List<String> KINDS = List.of(".ecdsa", ".rsa");

    PemFile {
        chain = List.copyOf(chain);
    }

    /**
     * Returns the files that {@code path} means: itself, those of that name for the kinds of keys, or all in that
     * directory in the order of their names, as in HAProxy.
     */
    static List<Path> locate(Path path) throws IOException, MalformedPemException {
        if (Files.isDirectory(path)) {
            return filesIn(path);
        }
        List<Path> kinds = KINDS.stream()
                .map(kind -> path.resolveSibling(path.getFileName() + kind))
                .filter(Files::exists)
                .toList();
        return kinds.isEmpty() || Files.exists(path) ? List.of(path) : kinds;
    }

    private static List<Path> filesIn(Path directory) throws IOException, MalformedPemException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(
                            file -> isCertificate(file.getFileName().toString()) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new MalformedPemException(directory + " is a directory without a certificate");
            }
            return found;
        }
    }

    private static boolean isCertificate(String name) {
        return !name.startsWith(".") && COMPANIONS.stream().noneMatch(name::endsWith);
    }

    /** Returns where the key is that {@code file} does not have itself. */
    static Path keyOf(Path file, @Nullable String named) {
        return named == null ? file.resolveSibling(file.getFileName() + ".key") : Path.of(named);
    }

    /**
     * Reads {@code file} and, unless it has the key itself, the file that should.
     *
     * @param named the file of the key; {@code null} if {@code file}, or the one beside it, has the key
     */
    static PemFile read(Path file, @Nullable String named) throws IOException, MalformedPemException {
        String text = textOf(file);
        List<X509Certificate> chain = certificates(file, text);
        Path elsewhere = keyOf(file, named);
        PrivateKey key = named == null ? key(file, text) : null;
        if (key == null && (named != null || Files.exists(elsewhere))) {
            key = key(elsewhere, textOf(elsewhere));
        }
        if (key == null && named != null) {
            throw new MalformedPemException(elsewhere + " has no private key");
        }
        if (key == null) {
            throw new MalformedPemException(file + " has no private key, and there is none in " + elsewhere);
        }
        if (!new CertifiedKey(chain, key).matches()) {
            throw new MalformedPemException(file + ": the private key is not that of the certificate");
        }
        return new PemFile(file, chain, key);
    }

    /** Returns the certificates in {@code file}, at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException, MalformedPemException {
        return certificates(file, textOf(file));
    }

    /** Returns the lists of revoked certificates in {@code file}, at least one. */
    static List<X509CRL> revocations(Path file) throws IOException, MalformedPemException {
        List<X509CRL> lists = read(file, textOf(file), PemText::revocations);
        if (lists.isEmpty()) {
            throw new MalformedPemException(file + " has no revocation list");
        }
        return lists;
    }

    /** Returns the certificates of {@code file}, or of all such files in that directory. */
    static List<X509Certificate> authorities(Path file) throws IOException, MalformedPemException {
        if (!Files.isDirectory(file)) {
            return certificates(file, textOf(file));
        }
        List<X509Certificate> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(file)) {
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                if (each.getFileName().toString().matches(".*\\.(pem|crt|cer)")) {
                    all.addAll(certificates(each, textOf(each)));
                }
            }
        }
        if (all.isEmpty()) {
            throw new MalformedPemException(file + " is a directory without a certificate");
        }
        return all;
    }

    private static String textOf(Path file) throws IOException, MalformedPemException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new MalformedPemException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return Files.readString(file, ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new MalformedPemException(file + " is not there", e);
        }
    }

    private static List<X509Certificate> certificates(Path file, String text) throws MalformedPemException {
        List<X509Certificate> chain = read(file, text, PemText::certificates);
        if (chain.isEmpty()) {
            throw new MalformedPemException(file + " has no certificate");
        }
        return chain;
    }

    /** Returns the first private key of {@code text}, {@code null} if there is none. */
    private static @Nullable PrivateKey key(Path file, String text) throws MalformedPemException {
        try {
            return PemText.of(text).key();
        } catch (PemException e) {
            throw malformed(file, e);
        }
    }

    private static <T> List<T> read(Path file, String text, Content<T> content) throws MalformedPemException {
        try {
            return content.of(PemText.of(text));
        } catch (PemException e) {
            throw malformed(file, e);
        }
    }

    private static MalformedPemException malformed(Path file, PemException e) {
        return new MalformedPemException(file + ": " + e.getMessage(), e);
    }

    /** One kind of what a text holds. */
    private interface Content<T> {
        List<T> of(PemText text) throws PemException;
    }
}

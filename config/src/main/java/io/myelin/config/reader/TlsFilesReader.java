package io.myelin.config.reader;

import io.myelin.config.document.Scalar;
import io.myelin.discovery.fetch.TlsFiles;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads which files in PEM verify a registry, and which it is shown. */
final class TlsFilesReader {
    static final Keys KEYS = Keys.of(List.of("ca_file", "cert_file", "key_file"), List.of());

    private static final String EXPECTED = "the path of a file in PEM";
    private static final String CERT_PATH = "cert_path";

    private TlsFilesReader() {}

    /** Returns the files that {@code ca_file}, {@code cert_file} and {@code key_file} name. */
    static TlsFiles read(Section section) {
        Path certificate = path(section, "cert_file");
        Path key = path(section, "key_file");
        if ((certificate == null) != (key == null)) {
            section.problems()
                    .error(section.where(), "has only one of cert_file and key_file", "both, or none of them");
            return TlsFiles.NONE;
        }
        return new TlsFiles(path(section, "ca_file"), certificate, key);
    }

    /**
     * Returns what the key {@code tls} says, {@code null} for no encryption: {@code true}, a map with the keys above,
     * or with {@code cert_path}, a directory like that of Docker's {@code DOCKER_CERT_PATH}.
     */
    static @Nullable TlsFiles readTls(Section section) {
        if (section.node("tls") instanceof Scalar) {
            return section.flag("tls", false) ? TlsFiles.NONE : null;
        }
        Section tls = section.section("tls");
        if (tls == null) {
            return null;
        }
        tls.allow(KEYS.and(Keys.of(List.of(CERT_PATH), List.of())));
        Path directory = path(tls, CERT_PATH);
        if (directory == null) {
            return read(tls);
        }
        for (String key : List.of("ca_file", "cert_file", "key_file")) {
            if (tls.has(key)) {
                tls.problems().error(tls.whereKey(key), "is set beside cert_path", "one of them");
            }
        }
        return TlsFiles.in(directory);
    }

    /** Returns the path that {@code key} says, {@code null} if it says none. */
    static @Nullable Path path(Section section, String key) {
        String text = section.text(key);
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException ignored) {
            section.problems().error(section.where(key), text, EXPECTED);
            return null;
        }
    }
}

package io.myelin.config.reader;

import io.myelin.config.document.Place;
import io.myelin.health.plugin.PluginTls;
import io.myelin.tls.TlsConfig;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads which files encrypt what plugins and clients are told. Files that are not there are errors. */
final class SynseTlsReader {
    private static final String FORMS = "a readable file in PEM";

    private final SynseValues values;

    SynseTlsReader(SynseValues values) {
        this.values = values;
    }

    /** A certificate and its key. */
    record Identity(Path certificate, Path key) {}

    /** Returns how a listener encrypts, {@code null} for not at all. */
    @Nullable
    TlsConfig listener(@Nullable Section tls, String path) {
        Identity files = identity(tls, path);
        return files == null
                ? null
                : TlsConfig.of(files.certificate().toString(), files.key().toString());
    }

    /** Returns what a listener shows, {@code null} for nothing. */
    @Nullable
    Identity identity(@Nullable Section tls, String path) {
        if (tls == null || !(tls.has("cert") || tls.has("key"))) {
            return null;
        }
        if (!together(tls, "cert", "key")) {
            return null;
        }
        Path certificate = file(tls, "cert", path + ".cert", "certificate not found: ");
        Path key = file(tls, "key", path + ".key", "key not found: ");
        return certificate == null || key == null ? null : new Identity(certificate, key);
    }

    /** Returns how plugins are spoken to, {@code null} for in plain. */
    @Nullable
    PluginTls plugins(@Nullable Section tls) {
        if (tls == null) {
            return null;
        }
        Path trust = file(tls, "cert", "grpc.tls.cert", "gRPC cert not found: ");
        boolean paired = together(tls, "client_cert", "client_key");
        Path certificate = file(tls, "client_cert", "grpc.tls.client_cert", "gRPC client cert not found: ");
        Path key = file(tls, "client_key", "grpc.tls.client_key", "gRPC client key not found: ");
        String serverName = tls.text("server_name");
        if (serverName != null) {
            values.put("grpc.tls.server_name", serverName);
        }
        if (!tls.has("cert")) {
            if (tls.has("client_cert") || serverName != null) {
                tls.problems().error(tls.where(), "has no cert", "the certificates that vouch for plugins");
            }
            return null;
        }
        boolean usable = trust != null && paired && (certificate == null) == (key == null);
        return usable && trust != null ? new PluginTls(trust, certificate, key, serverName) : null;
    }

    private static boolean together(Section tls, String one, String other) {
        if (tls.has(one) == tls.has(other)) {
            return true;
        }
        String present = tls.has(one) ? one : other;
        String missing = tls.has(one) ? other : one;
        tls.problems().error(tls.where(present), "is set without " + missing, "both, or none of them");
        return false;
    }

    /** Returns the file at {@code key}, {@code null} if none is named or it cannot be read. */
    private @Nullable Path file(Section tls, String key, String path, String missing) {
        String text = tls.text(key);
        if (text == null) {
            return null;
        }
        values.put(path, path.endsWith("key") ? SynseValues.HIDDEN : text);
        try {
            Path file = located(Path.of(text), tls.where(key).place());
            if (Files.isReadable(file) && !Files.isDirectory(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            tls.problems().error(tls.where(key), String.valueOf(e.getMessage()), FORMS);
            return null;
        }
        tls.problems().error(tls.where(key), missing + text, FORMS);
        return null;
    }

    /** Returns where a relative path leads: from the working directory, or else from the file that names it. */
    private static Path located(Path path, Place place) {
        return Files.exists(path) || path.isAbsolute() || place.line() == 0
                ? path
                : Path.of(place.file()).resolveSibling(path);
    }
}

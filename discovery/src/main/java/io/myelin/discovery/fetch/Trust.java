package io.myelin.discovery.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.myelin.discovery.polling.PollException;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.pem.PemException;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates a registry may have, those that the JDK trusts or those of a file, and which one it is shown.
 * Files are read again when they change; while they hold what cannot be used, there is no context.
 */
@OwnedBy(Owner.REGISTRY)
public final class Trust {
    private final TlsFiles files;
    private @Nullable SslContext context;
    private Map<Path, FileTime> read = Map.of();

    /** Creates a trust that has read nothing yet. */
    public Trust(TlsFiles files) {
        this.files = files;
    }

    /** Returns what verifies a server now, and proves who the client is. */
    public SslContext context() throws PollException {
        Map<Path, FileTime> now = new HashMap<>();
        for (Path file : files.all().toList()) {
            now.put(file, changed(file));
        }
        SslContext current = context;
        if (current == null || !now.equals(read)) {
            current = build();
            context = current;
            read = now;
        }
        return current;
    }

    private static FileTime changed(Path file) throws PollException {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private SslContext build() throws PollException {
        ClientTls tls = new ClientTls();
        Path ca = files.caFile();
        Path certificate = files.certFile();
        Path key = files.keyFile();
        try {
            if (ca != null) {
                tls.trust(content(ca));
            }
        } catch (PemException e) {
            throw new PollException("ca_file: " + ca + " (expected: certificates in PEM): " + e.getMessage(), e);
        }
        try {
            if (certificate != null && key != null) {
                tls.show(content(certificate), content(key));
            }
            return tls.build();
        } catch (PemException | SSLException e) {
            throw new PollException("cert_file: " + certificate + ", key_file: " + key + ": " + e.getMessage(), e);
        }
    }

    private static String content(Path file) throws PollException {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static PollException unreadable(Path file, IOException e) {
        return new PollException("tls: " + file + " cannot be read (expected: a file in PEM): " + e.getMessage(), e);
    }
}

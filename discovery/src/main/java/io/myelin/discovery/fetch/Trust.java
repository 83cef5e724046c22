package io.myelin.discovery.fetch;

import io.myelin.discovery.polling.PollException;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
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
            throw new PollException("tls: " + file + " cannot be read (expected: a file in PEM): " + e.getMessage(), e);
        }
    }

    private SslContext build() throws PollException {
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        Path ca = files.caFile();
        Path certificate = files.certFile();
        Path key = files.keyFile();
        try {
            if (certificate != null && key != null) {
                builder.keyManager(certificate.toFile(), key.toFile());
            }
        } catch (IllegalArgumentException e) {
            throw new PollException("cert_file, key_file: " + e.getMessage(), e);
        }
        try {
            if (ca != null) {
                builder.trustManager(ca.toFile());
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new PollException("ca_file: " + ca + " (expected: certificates in PEM): " + e.getMessage(), e);
        }
    }
}

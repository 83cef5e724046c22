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
import org.jspecify.annotations.Nullable;

/** Which certificates a registry may have: those the JDK trusts, or those of a file, read again when it changes. */
@OwnedBy(Owner.REGISTRY)
public final class Trust {
    private final @Nullable Path file;
    private @Nullable SslContext context;
    private @Nullable FileTime readTime;

    /**
     * Creates a trust that has read nothing yet.
     *
     * @param file of certificates in PEM; {@code null} for those that the JDK trusts
     */
    public Trust(@Nullable Path file) {
        this.file = file;
    }

    /** Returns what verifies a server now. */
    public SslContext context() throws PollException {
        try {
            FileTime changed = file == null ? null : Files.getLastModifiedTime(file);
            SslContext current = context;
            if (current == null || (changed != null && !changed.equals(readTime))) {
                SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
                current = file == null
                        ? builder.build()
                        : builder.trustManager(file.toFile()).build();
                context = current;
                readTime = changed;
            }
            return current;
        } catch (IOException | IllegalArgumentException e) {
            throw new PollException("ca_file: " + file + " (expected: certificates in PEM): " + e.getMessage(), e);
        }
    }
}

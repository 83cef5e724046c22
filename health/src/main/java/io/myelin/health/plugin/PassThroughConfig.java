package io.myelin.health.plugin;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where callers reach plugins through Myelin.
 *
 * @param address that is listened at, resolved; port 0 for a free one
 * @param certificate PEM file with the chain that callers are shown, {@code null} for no TLS
 * @param key PEM file of the private key of {@code certificate}, {@code null} without it
 */
public record PassThroughConfig(
        InetSocketAddress address,
        @Nullable Path certificate,
        @Nullable Path key) {
    public PassThroughConfig {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its key are given together or not at all");
        }
    }
}

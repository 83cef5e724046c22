package io.myelin.health.plugin;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How plugins are spoken to over TLS; all of them are, if any is.
 *
 * @param trust PEM file with the certificates that vouch for plugins
 * @param certificate PEM file shown to plugins that ask for one, {@code null} for none
 * @param key PEM file of the private key of {@code certificate}, {@code null} without it
 * @param serverName expected in every plugin's certificate, {@code null} for the host of its address
 */
public record PluginTls(
        Path trust,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable String serverName) {
    public PluginTls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a client certificate and its key are given together or not at all");
        }
    }
}

package io.myelin.launcher.process;

import io.myelin.server.BindAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says of where Synse's API listens.
 *
 * @param host {@code null} for what the files say
 * @param port {@code null} for what the files say
 */
public record SynseAddress(@Nullable String host, @Nullable Integer port) {
    /** Leaves it to the files. */
    public static final SynseAddress OF_FILES = new SynseAddress(null, null);

    /** Returns where to listen if the files say {@code configured}. */
    BindAddress over(BindAddress configured) {
        String wantedHost = host;
        Integer wantedPort = port;
        return new BindAddress(
                wantedHost == null ? configured.host() : wantedHost,
                wantedPort == null ? configured.port() : wantedPort,
                configured.options());
    }
}

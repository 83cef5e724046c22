package io.myelin.config.reader;

import io.myelin.access.AccessRules;
import io.myelin.net.EntranceConfig;
import org.jspecify.annotations.Nullable;

/**
 * How a listener takes up connections.
 *
 * @param entrance what is asked of a connection before it is one of a client
 * @param access which clients are served, and after which delay; {@code null} for all of them at once
 * @param tcpKeepAlive whether the kernel probes silent connections of clients
 */
record Intake(EntranceConfig entrance, @Nullable AccessRules access, boolean tcpKeepAlive) {
    static final Intake DEFAULT = new Intake(EntranceConfig.DEFAULT, null, false);
}

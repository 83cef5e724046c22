package io.myelin.discovery.zookeeper;

import io.myelin.discovery.DiscoveryConfig;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The children of a znode, each of which describes an endpoint.
 *
 * @param ensemble where the znode is
 * @param path the parent znode, absolute, with the chroot if there is one
 * @param format how a child describes its endpoint
 * @param configPath the znode that holds configuration of the service, absolute, with the chroot; {@code null} if none
 *     is read
 * @param window after one round of reading changes, the least time before the next; zero if changes are read at once
 * @param pauses how long to wait before a request that was refused is repeated
 * @param pollingInterval how often everything is looked at, at least {@link #SHORTEST_INTERVAL}; {@code null} if the
 *     ensemble is asked to tell of changes instead
 */
public record ZooKeeperConfig(
        EnsembleConfig ensemble,
        String path,
        ZnodeFormat format,
        @Nullable String configPath,
        Duration window,
        Pauses pauses,
        @Nullable Duration pollingInterval)
        implements DiscoveryConfig {
    /** Synapse looks at its clock no more often. */
    public static final Duration SHORTEST_INTERVAL = Duration.ofMillis(500);

    /** The largest {@code window}, as in Synapse. */
    public static final Duration LONGEST_WINDOW = Duration.ofMinutes(2);

    public ZooKeeperConfig {
        requireAbsolute("path", path);
        if (configPath != null) {
            requireAbsolute("generator_config_path", configPath);
        }
        if (window.isNegative() || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException("discovery_jitter: " + window + " (expected: 0..120 s)");
        }
        if (pollingInterval != null && pollingInterval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw new IllegalArgumentException("polling_interval_sec: " + pollingInterval + " (expected: >= 0.5 s)");
        }
    }

    /** Returns Nerve's registrations under {@code path}, with configuration of the service in the same znode. */
    public static ZooKeeperConfig of(List<String> hosts, String path) {
        return new ZooKeeperConfig(
                EnsembleConfig.of(hosts), path, ZnodeFormat.NERVE, path, Duration.ZERO, Pauses.DEFAULT, null);
    }

    /** Returns a builder that begins with these values. */
    public Builder with() {
        return new Builder(this);
    }

    private static void requireAbsolute(String key, String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(key + ": " + path + " (expected: an absolute znode path)");
        }
    }

    /** Makes a variant of a configuration; used by one thread. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private EnsembleConfig ensemble;
        private ZnodeFormat format;
        private @Nullable String configPath;
        private Duration window;
        private Pauses pauses;
        private @Nullable Duration pollingInterval;
        private final String path;

        private Builder(ZooKeeperConfig from) {
            path = from.path;
            ensemble = from.ensemble;
            format = from.format;
            configPath = from.configPath;
            window = from.window;
            pauses = from.pauses;
            pollingInterval = from.pollingInterval;
        }

        public Builder ensemble(EnsembleConfig value) {
            ensemble = value;
            return this;
        }

        public Builder format(ZnodeFormat value) {
            format = value;
            return this;
        }

        public Builder configPath(@Nullable String value) {
            configPath = value;
            return this;
        }

        public Builder window(Duration value) {
            window = value;
            return this;
        }

        public Builder pauses(Pauses value) {
            pauses = value;
            return this;
        }

        public Builder pollingInterval(@Nullable Duration value) {
            pollingInterval = value;
            return this;
        }

        public ZooKeeperConfig build() {
            return new ZooKeeperConfig(ensemble, path, format, configPath, window, pauses, pollingInterval);
        }
    }
}

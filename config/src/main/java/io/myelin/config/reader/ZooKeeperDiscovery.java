package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.zookeeper.DigestAuth;
import io.myelin.discovery.zookeeper.EnsembleConfig;
import io.myelin.discovery.zookeeper.Pauses;
import io.myelin.discovery.zookeeper.ZnodeFormat;
import io.myelin.discovery.zookeeper.ZooKeeperConfig;
import io.myelin.discovery.zookeeper.ZooKeeperTls;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service whose endpoints are children of a znode. */
final class ZooKeeperDiscovery implements DiscoveryMethod {
    private static final String PATH_FORM = "/\\S*";
    private static final String PATH = "an absolute znode path";
    private static final String JITTER = "0..120 seconds";

    /** Synapse's, for those keys of a {@code retry_policy} that are left out. */
    private static final Pauses SYNAPSE_PAUSES = new Pauses(Duration.ofMillis(500), Duration.ofMinutes(1));

    private static final Duration SYNAPSE_INTERVAL = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final boolean polls;

    /** Creates the reader of sections that say to look from time to time, or else to watch. */
    ZooKeeperDiscovery(boolean polls) {
        this.polls = polls;
    }

    @Override
    public Keys keys() {
        return polls ? Keys.ZOOKEEPER_POLL : Keys.ZOOKEEPER;
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        Problems problems = discovery.problems();
        ZooKeeperHosts hosts = ZooKeeperHosts.read(discovery);
        String path = discovery.text("path", PATH_FORM, PATH);
        if (path == null && !discovery.has("path")) {
            problems.error(discovery.where(), "has no path", PATH);
        }
        DigestAuth auth = auth(discovery);
        ZooKeeperTls tls = new ZooKeeperTlsReader(problems).read(discovery);
        ZnodeFormat format = format(discovery);
        String configPath = configPath(discovery, hosts, path);
        Duration window = window(discovery);
        Pauses pauses = pauses(discovery);
        Duration interval = polls ? interval(discovery) : null;
        if (hosts.servers().isEmpty() || path == null) {
            return null;
        }
        return ZooKeeperConfig.of(hosts.servers(), hosts.absolute(path))
                .with()
                .ensemble(new EnsembleConfig(hosts.servers(), auth, tls))
                .format(format)
                .configPath(configPath)
                .window(window)
                .pauses(pauses)
                .pollingInterval(interval)
                .build();
    }

    private static ZnodeFormat format(Section discovery) {
        Section decode = discovery.section("decode");
        if (decode == null) {
            return ZnodeFormat.NERVE;
        }
        decode.allow(Keys.DECODE);
        String expected = "nerve or serverset";
        String method = decode.text("method", "nerve|serverset", expected);
        if (method == null && !decode.has("method")) {
            decode.problems().error(decode.where(), "has no method", expected);
        }
        String endpoint = decode.text("endpoint_name");
        if ("serverset".equals(method)) {
            return ZnodeFormat.serverset(endpoint == null ? "" : endpoint);
        }
        if (endpoint != null && method != null) {
            decode.problems().warning(decode.whereKey("endpoint_name"), "has no effect: method is nerve");
        }
        return ZnodeFormat.NERVE;
    }

    /** Returns the znode that holds configuration of the service, {@code null} for none. */
    private static @Nullable String configPath(Section discovery, ZooKeeperHosts hosts, @Nullable String path) {
        String text = discovery.text("generator_config_path", PATH_FORM + "|disabled", PATH + ", or disabled");
        if ("disabled".equals(text)) {
            return null;
        }
        String configPath = text == null ? path : text;
        return configPath == null ? null : hosts.absolute(configPath);
    }

    /** Returns the least time between two rounds of reading; what cannot be used is ignored, as Synapse does. */
    private Duration window(Section discovery) {
        Scalar scalar = discovery.scalar("discovery_jitter", JITTER);
        if (scalar == null) {
            return Duration.ZERO;
        }
        if (polls) {
            discovery.problems().warning(discovery.whereKey("discovery_jitter"), "has no effect on polling");
            return Duration.ZERO;
        }
        Duration window = Seconds.of(scalar.text());
        if (window == null || window.compareTo(ZooKeeperConfig.LONGEST_WINDOW) > 0) {
            discovery
                    .problems()
                    .warning(
                            discovery.where("discovery_jitter"),
                            scalar.text() + " is ignored, changes are read at once (expected: " + JITTER + ")");
            return Duration.ZERO;
        }
        return window;
    }

    private static Duration interval(Section discovery) {
        Duration interval = Seconds.read(discovery, "polling_interval_sec", SYNAPSE_INTERVAL, LONGEST);
        return interval.compareTo(ZooKeeperConfig.SHORTEST_INTERVAL) < 0 ? ZooKeeperConfig.SHORTEST_INTERVAL : interval;
    }

    private static Pauses pauses(Section discovery) {
        Section policy = discovery.section("retry_policy");
        if (policy == null) {
            return Pauses.DEFAULT;
        }
        policy.allow(Keys.RETRY_POLICY);
        Problems problems = policy.problems();
        policy.number("max_attempts", 0, Integer.MAX_VALUE);
        Seconds.read(policy, "max_delay", Duration.ZERO, LONGEST);
        List<String> limits = List.of("max_attempts", "max_delay");
        limits.stream()
                .filter(policy::has)
                .forEach(key -> problems.warning(
                        policy.whereKey(key), "no effect: a registry is tried for ever, with growing pauses"));
        Duration first = Seconds.read(policy, "base_interval", SYNAPSE_PAUSES.first(), LONGEST);
        Duration longest = Seconds.read(policy, "max_interval", SYNAPSE_PAUSES.longest(), LONGEST);
        if (first.isZero()) {
            first = Pauses.DEFAULT.first();
        }
        return new Pauses(first, longest.compareTo(first) < 0 ? first : longest);
    }

    private static @Nullable DigestAuth auth(Section discovery) {
        Section auth = discovery.section("auth");
        if (auth == null) {
            return null;
        }
        auth.allow(Keys.ZOOKEEPER_AUTH);
        auth.text("scheme", "digest", "digest");
        String user = auth.text("user", "[^:]+", "a name without a colon");
        String password = auth.text("password");
        if (user == null || password == null) {
            if (!auth.has("user") || !auth.has("password")) {
                auth.problems().error(auth.where(), "is not complete", "user and password");
            }
            return null;
        }
        return new DigestAuth(user, password);
    }
}

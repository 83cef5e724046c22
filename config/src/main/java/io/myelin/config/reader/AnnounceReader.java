package io.myelin.config.reader;

import io.myelin.config.AnnounceConfig;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.haproxy.BindLine;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.announce.RateLimit;
import io.myelin.discovery.announce.ReporterConfig;
import io.myelin.discovery.etcd.EtcdReporterConfig;
import io.myelin.discovery.zookeeper.EnsembleConfig;
import io.myelin.discovery.zookeeper.ZooKeeperConfig;
import io.myelin.discovery.zookeeper.ZooKeeperReporterConfig;
import io.myelin.health.LocalCheck;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the native {@code announce} of a service. */
final class AnnounceReader {
    private static final Duration ETCD_TTL = Duration.ofSeconds(10);
    private static final String HOST_FORMS = "the address at which other hosts reach this one";

    private final AnnounceDefaults defaults;

    AnnounceReader(AnnounceDefaults defaults) {
        this.defaults = defaults;
    }

    /**
     * Returns what {@code announce} says, {@code null} if it cannot be used, which is reported.
     *
     * @param discovery where the service's members are found, and so where this instance is announced unless it says
     *     otherwise
     */
    @Nullable
    AnnounceConfig read(String name, Section announce, @Nullable DiscoveryConfig discovery) {
        announce.allow(AnnounceKeys.SERVICE);
        Endpoint endpoint = endpoint(announce);
        ReporterConfig reporter = reporter(announce, discovery);
        if (endpoint == null || reporter == null) {
            return null;
        }
        List<LocalCheck> checks =
                new LocalChecksReader(endpoint.host(), endpoint.port(), announce.problems()).nativeChecks(announce);
        return new AnnounceConfig(
                name,
                endpoint,
                reporter,
                checks,
                AnnounceTimes.NATIVE.read(announce, "interval", AnnounceConfig.DEFAULT_INTERVAL),
                limit(announce),
                announce.number("alarm_after", 1, 1_000_000, defaults.alarmAfter()),
                announce.duration("withdraw_wait", defaults.withdrawWait()));
    }

    private @Nullable Endpoint endpoint(Section announce) {
        String own = announce.text("instance_id", "[^/\\s]+", "a text without spaces and /");
        String id = own == null ? defaults.instanceId() : own;
        if (id == null) {
            announce.problems()
                    .error(
                            announce.where(),
                            "has no instance_id",
                            "a name of this instance, here, in the top-level announce, or with --instance-id");
        }
        String host = host(announce, defaults.host());
        Integer port = announce.number("port", 1, 65_535);
        if (!announce.has("port")) {
            announce.problems().error(announce.where(), "has no port", "1..65535");
        }
        return id == null || host == null || port == null ? null : described(announce, id, host, port);
    }

    /** Returns the host that {@code section} names, or {@code otherwise}; {@code null} is reported. */
    static @Nullable String host(Section section, @Nullable String otherwise) {
        String written = section.text("host");
        String text = written == null ? otherwise : written;
        if (text == null) {
            if (!section.has("host")) {
                section.problems().error(section.where(), "has no host", HOST_FORMS);
            }
            return null;
        }
        String host = BindLine.host(text);
        if (host == null || host.equals("*")) {
            section.problems().error(section.where("host"), text, HOST_FORMS);
            return null;
        }
        return host;
    }

    /** Returns the endpoint with the weight, labels and options of {@code section}. */
    static Endpoint described(Section section, String id, String host, int port) {
        String options = section.text("haproxy_server_options");
        return new Endpoint(
                EndpointId.of(id, host, port),
                id,
                host,
                port,
                weight(section),
                false,
                labels(section),
                options == null ? "" : options,
                null);
    }

    private static @Nullable Integer weight(Section section) {
        Integer weight = section.number("weight", 0, Integer.MAX_VALUE);
        if (weight != null && weight > Endpoint.MAX_WEIGHT) {
            section.problems()
                    .warning(
                            section.where("weight"),
                            "is more than proxies can use, so it is announced as " + Endpoint.MAX_WEIGHT);
            return Endpoint.MAX_WEIGHT;
        }
        return weight;
    }

    private static Map<String, String> labels(Section section) {
        Section labels = section.section("labels");
        Map<String, String> read = new LinkedHashMap<>();
        for (Entry entry : labels == null ? List.<Entry>of() : labels.entries()) {
            if (entry.value() instanceof Scalar scalar) {
                read.put(entry.name(), scalar.absent() ? "" : scalar.text());
            } else {
                Problems problems = section.problems();
                problems.error(
                        section.where("labels"),
                        entry.name() + " is " + entry.value().kind(),
                        "a text");
            }
        }
        return read;
    }

    private static @Nullable ReporterConfig reporter(Section announce, @Nullable DiscoveryConfig discovery) {
        String registry = announce.text("registry", "zookeeper|etcd", "zookeeper or etcd");
        if (registry == null && announce.has("registry")) {
            return null;
        }
        return "etcd".equals(registry) ? etcd(announce) : zooKeeper(announce, discovery);
    }

    private static @Nullable ReporterConfig zooKeeper(Section announce, @Nullable DiscoveryConfig discovery) {
        ZooKeeperConfig followed = discovery instanceof ZooKeeperConfig same ? same : null;
        ZooKeeperHosts own = followed != null && !announce.has("hosts") ? null : ZooKeeperHosts.read(announce);
        String written =
                followed != null && !announce.has("path") ? null : ZooKeeperReporterKeys.path(announce, "path");
        EnsembleConfig ensemble = own == null ? followed == null ? null : followed.ensemble() : ensemble(own);
        String path = written == null
                ? announce.has("path") || followed == null ? null : followed.path()
                : own == null ? written : own.absolute(written);
        Duration ttl = AnnounceTimes.NATIVE.read(announce, "ttl");
        refuse(announce, "etcd_api", "registry: etcd");
        return ensemble == null || path == null
                ? null
                : new ZooKeeperReporterConfig(
                        ensemble,
                        path,
                        ZooKeeperReporterKeys.nodeType(announce),
                        announce.flag("path_encoding", false),
                        ttl);
    }

    private static @Nullable EnsembleConfig ensemble(ZooKeeperHosts hosts) {
        return hosts.servers().isEmpty() ? null : EnsembleConfig.of(hosts.servers());
    }

    private static @Nullable ReporterConfig etcd(Section announce) {
        List<String> hosts = ZooKeeperHosts.read(announce).servers();
        String path = ZooKeeperReporterKeys.path(announce, "path");
        Duration ttl = AnnounceTimes.NATIVE.read(announce, "ttl", ETCD_TTL);
        if (ttl.toSeconds() < 1) {
            announce.problems().error(announce.where("ttl"), ttl.toMillis() + "ms", "at least 1s");
            return null;
        }
        String api = announce.text("etcd_api", "auto|v2|v3", "auto, v2 or v3");
        refuse(announce, "node_type", "registry: zookeeper");
        refuse(announce, "path_encoding", "registry: zookeeper");
        return hosts.isEmpty() || path == null
                ? null
                : new EtcdReporterConfig(
                        hosts,
                        path,
                        ttl,
                        EtcdReporterConfig.Api.valueOf(api == null ? "AUTO" : api.toUpperCase(Locale.ROOT)));
    }

    private static void refuse(Section announce, String key, String expected) {
        if (announce.has(key)) {
            announce.problems().error(announce.whereKey(key), "has no meaning in this registry", expected);
        }
    }

    private static RateLimit limit(Section announce) {
        Section limit = announce.section("rate_limit");
        if (limit == null) {
            return RateLimit.NONE;
        }
        limit.allow(AnnounceKeys.RATE_LIMIT);
        return new RateLimit(
                Decimals.rate(limit, "per_second", 0), Decimals.rate(limit, "burst", 1), limit.flag("shadow", false));
    }
}

package io.myelin.config.reader;

import io.myelin.config.AnnounceConfig;
import io.myelin.discovery.announce.RateLimit;
import io.myelin.discovery.announce.ReporterConfig;
import io.myelin.discovery.etcd.EtcdReporterConfig;
import io.myelin.discovery.zookeeper.ZooKeeperReporterConfig;
import io.myelin.health.LocalCheck;
import io.myelin.model.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the services of Nerve's files. */
final class NerveServiceReader {
    private static final int NERVE_ETCD_PORT = 4_003;
    private static final int MOST_COPIES = 1_000;

    private final String instanceId;
    private final AnnounceDefaults defaults;
    private final Map<String, ReporterReader> reporters = new TreeMap<>();

    /**
     * Creates the reader of all services.
     *
     * @param instanceId what they all are called
     */
    NerveServiceReader(String instanceId, AnnounceDefaults defaults) {
        this.instanceId = instanceId;
        this.defaults = defaults;
        reporters.put("zookeeper", NerveServiceReader::zooKeeper);
        reporters.put("etcd", NerveServiceReader::etcd);
    }

    /** Returns what {@code service} announces; several under load tests, none if it cannot be used. */
    List<AnnounceConfig> read(String name, Section service) {
        NerveKeys.warnOfUnknown(service, NerveKeys.SERVICE);
        Endpoint endpoint = endpoint(service);
        ReporterConfig reporter = reporter(service);
        if (endpoint == null || reporter == null) {
            return List.of();
        }
        List<LocalCheck> checks =
                new LocalChecksReader(endpoint.host(), endpoint.port(), service.problems()).nerve(service);
        Duration interval = AnnounceTimes.SECONDS.read(service, "check_interval", AnnounceConfig.DEFAULT_INTERVAL);
        AnnounceConfig config = new AnnounceConfig(
                name,
                endpoint,
                reporter,
                service.flag("check_mocked", false) ? List.of() : checks,
                interval,
                limit(service),
                service.number("max_repeated_report_failures", 1, 1_000_000, defaults.alarmAfter()),
                defaults.withdrawWait());
        return copies(config, service.number("load_test_concurrency", 1, MOST_COPIES));
    }

    private static List<AnnounceConfig> copies(AnnounceConfig config, @Nullable Integer count) {
        return count == null
                ? List.of(config)
                : IntStream.range(0, count)
                        .mapToObj(i -> config.named(config.name() + "_" + i))
                        .toList();
    }

    private @Nullable Endpoint endpoint(Section service) {
        String host = AnnounceReader.host(service, null);
        Integer port = service.number("port", 1, 65_535);
        if (port == null && !service.has("port")) {
            service.problems().error(service.where(), "has no port", "1..65535");
        }
        if (host == null || port == null) {
            return null;
        }
        return AnnounceReader.described(service, instanceId, host, port);
    }

    private @Nullable ReporterConfig reporter(Section service) {
        String type = service.text("reporter_type");
        String name = type == null ? "zookeeper" : type;
        ReporterReader reader = reporters.get(name);
        if (reader == null) {
            service.problems().error(service.where("reporter_type"), name, String.join(" or ", reporters.keySet()));
            return null;
        }
        return reader.read(service);
    }

    private static @Nullable ReporterConfig zooKeeper(Section service) {
        ZooKeeperHosts hosts = ZooKeeperHosts.read(service, "zk_hosts");
        String path = ZooKeeperReporterKeys.path(service, "zk_path");
        Duration ttl = AnnounceTimes.SECONDS.read(service, "ttl_seconds");
        return hosts.servers().isEmpty() || path == null
                ? null
                : new ZooKeeperReporterConfig(
                        hosts.servers(),
                        hosts.absolute(path),
                        ZooKeeperReporterKeys.nodeType(service),
                        service.flag("use_path_encoding", false),
                        ttl);
    }

    private static @Nullable ReporterConfig etcd(Section service) {
        String host = service.text("etcd_host", "[0-9A-Za-z._-]+|\\[[0-9A-Fa-f:.]+]", "an address or a host name");
        if (!service.has("etcd_host")) {
            service.problems().error(service.where(), "has no etcd_host", "an address or a host name");
        }
        int port = service.number("etcd_port", 1, 65_535, NERVE_ETCD_PORT);
        String path = service.has("etcd_path") ? service.text("etcd_path", "/\\S*", "an absolute path") : "/";
        Duration interval = AnnounceTimes.SECONDS.read(service, "check_interval", AnnounceConfig.DEFAULT_INTERVAL);
        return host == null || path == null
                ? null
                : new EtcdReporterConfig(List.of(host + ":" + port), path, ttl(interval), EtcdReporterConfig.Api.AUTO);
    }

    /** Returns Nerve's: five times the pause between checks, in whole seconds, rounded up. */
    private static Duration ttl(Duration interval) {
        return Duration.ofSeconds(
                interval.multipliedBy(5).plusNanos(999_999_999).toSeconds());
    }

    private static RateLimit limit(Section service) {
        Section limiting = service.section("rate_limiting");
        if (limiting == null) {
            return RateLimit.NONE;
        }
        NerveKeys.warnOfUnknown(limiting, NerveKeys.RATE_LIMITING);
        return new RateLimit(
                Decimals.rate(limiting, "average_rate", 0),
                Decimals.rate(limiting, "max_burst", 1),
                limiting.flag("shadow_mode", true));
    }
}

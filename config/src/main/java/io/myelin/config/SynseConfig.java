package io.myelin.config;

import io.myelin.discovery.kubernetes.KubernetesConfig;
import io.myelin.health.plugin.PluginConfig;
import io.myelin.server.BindAddress;
import io.myelin.tls.TlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Synse's users say: which plugins there are, and where their HTTP API answers.
 *
 * @param address where the API answers
 * @param tls how the API encrypts, {@code null} for plain HTTP
 * @param prettyJson whether answers are indented
 * @param metrics whether the API answers {@code /metrics}
 * @param logging how much is logged about plugins and the API
 * @param plugins those that are named, and how all are spoken to
 * @param kubernetes where further plugins are found, {@code null} for nowhere
 * @param deviceRebuildEvery from one look at the devices of all plugins to the next, more than 0
 * @param transactionTtl how long it is remembered whose a transaction is, more than 0
 * @param passThrough where calls are passed on to plugins, {@code null} for nowhere
 * @param values every key with the value that counts, as nested maps, lists, texts, numbers and flags in the order of
 *     the documentation; what is secret is hidden
 */
public record SynseConfig(
        BindAddress address,
        @Nullable TlsConfig tls,
        boolean prettyJson,
        boolean metrics,
        Logging logging,
        PluginConfig plugins,
        @Nullable KubernetesConfig kubernetes,
        Duration deviceRebuildEvery,
        Duration transactionTtl,
        @Nullable PassThrough passThrough,
        Map<String, Object> values) {
    /** What problems of all this harm, in place of a service. */
    public static final String NAME = "(synse)";

    /** Where Synse Server listens. */
    public static final BindAddress DEFAULT_ADDRESS = new BindAddress("0.0.0.0", 5000);

    public static final Duration DEFAULT_DEVICE_REBUILD = Duration.ofMinutes(3);
    public static final Duration DEFAULT_TRANSACTION_TTL = Duration.ofMinutes(5);

    /** In Synse's words. */
    public enum Logging {
        DEBUG,
        INFO,
        WARNING,
        ERROR,
        CRITICAL
    }

    /**
     * Where clients call plugins through this process.
     *
     * @param certificate PEM file that is shown to clients, {@code null} for plain HTTP/2
     * @param key PEM file of its private key, {@code null} without it
     */
    public record PassThrough(
            BindAddress address,
            @Nullable Path certificate,
            @Nullable Path key) {}

    public SynseConfig {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Returns the same with the API at another address. */
    public SynseConfig at(BindAddress other) {
        return new SynseConfig(
                other,
                tls,
                prettyJson,
                metrics,
                logging,
                plugins,
                kubernetes,
                deviceRebuildEvery,
                transactionTtl,
                passThrough,
                values);
    }
}

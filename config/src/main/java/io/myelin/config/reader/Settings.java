package io.myelin.config.reader;

import io.myelin.balance.BalanceConfig;
import io.myelin.config.haproxy.ProxySection;
import io.myelin.config.haproxy.Timeout;
import io.myelin.health.CheckConfig;
import io.myelin.http.ClientConfig;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.log.AccessConfig;
import io.myelin.model.Protocol;
import io.myelin.pool.Admission;
import io.myelin.pool.UpstreamConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a service's own keys begin with: Myelin's defaults, or what its {@code haproxy} section says.
 *
 * @param clientTimeout how long a client may stay silent, zero for no limit
 * @param accessLog what is logged, {@code null} for nothing
 * @param check {@code null} for no check
 * @param allBackups whether all backups share the work
 * @param weight of an endpoint that states none
 * @param backup whether every endpoint is a backup
 * @param registryWeights whether weights stated by the registry count
 */
record Settings(
        Protocol protocol,
        BalanceConfig balance,
        Admission admission,
        UpstreamConfig upstream,
        Duration clientTimeout,
        ClientConfig client,
        @Nullable AccessConfig accessLog,
        @Nullable CheckConfig check,
        boolean allBackups,
        int weight,
        boolean backup,
        boolean registryWeights) {
    /** What a service without a {@code haproxy} section begins with. */
    static final Settings NATIVE = new Settings(
            Protocol.HTTP,
            BalanceConfig.ROUND_ROBIN,
            Admission.DEFAULT,
            UpstreamConfig.DEFAULT,
            Duration.ofSeconds(60),
            ClientConfig.DEFAULT,
            null,
            null,
            false,
            1,
            false,
            true);

    /** Returns what the lines of a {@code haproxy} section come to. */
    static Settings of(ProxySection section, boolean useNerveWeights, @Nullable AccessConfig accessLog) {
        Integer weight = section.server().weight();
        return new Settings(
                section.protocol(),
                section.balance(),
                section.admission(),
                upstreamOf(section),
                section.timeout(Timeout.CLIENT),
                clientOf(section),
                accessLog,
                section.check(),
                section.allBackups(),
                weight == null ? 1 : weight,
                section.server().backup(),
                useNerveWeights);
    }

    static ClientConfig clientOf(ProxySection section) {
        Duration request = section.timeout(Timeout.HTTP_REQUEST, section.timeout(Timeout.CLIENT));
        return ClientConfig.DEFAULT
                .with()
                .requestTimeout(request)
                .keepAliveTimeout(section.timeout(Timeout.HTTP_KEEP_ALIVE, request))
                .forwardedFor(section.forwardedFor() ? ForwardedFor.APPEND : ForwardedFor.OFF)
                .requestId(section.requestId())
                .build();
    }

    private static UpstreamConfig upstreamOf(ProxySection section) {
        return UpstreamConfig.DEFAULT
                .with()
                .connectTimeout(section.timeout(Timeout.CONNECT))
                .serverTimeout(section.timeout(Timeout.SERVER))
                .retries(section.retries())
                .redispatch(section.redispatch())
                .build();
    }
}

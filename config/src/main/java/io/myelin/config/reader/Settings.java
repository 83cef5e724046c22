package io.myelin.config.reader;

import io.myelin.balance.BalanceConfig;
import io.myelin.config.haproxy.ProxySection;
import io.myelin.config.haproxy.ProxySection.Closing;
import io.myelin.config.haproxy.Timeout;
import io.myelin.health.CheckConfig;
import io.myelin.http.ClientConfig;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.log.AccessConfig;
import io.myelin.model.Protocol;
import io.myelin.net.EntranceConfig;
import io.myelin.pool.Admission;
import io.myelin.pool.Marking;
import io.myelin.pool.ObserveConfig;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyConfig.Naming;
import io.myelin.pool.UpstreamConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a service's own keys begin with: Myelin's defaults, or what its {@code haproxy} section says.
 *
 * @param queue how much a member may have to do at once, and how the rest waits
 * @param sticky how clients stick to members, {@code null} if they do not
 * @param clientTimeout how long a client may stay silent, zero for no limit
 * @param clientKeepAlive whether the kernel probes silent connections of clients
 * @param headerTimeout how long a PROXY header may take
 * @param accessLog what is logged, {@code null} for nothing
 * @param check {@code null} for no check
 * @param allBackups whether all backups share the work
 * @param weight of an endpoint that states none
 * @param backup whether every endpoint is a backup
 * @param registryWeights whether weights stated by the registry count
 * @param observe how much traffic says about the health of members, {@code null} for nothing
 * @param marking what becomes of the work in progress when members go down or come up
 * @param disabled whether members are in maintenance until an operator says otherwise
 * @param maxConnections how many clients its listener may have at once, 0 for any number
 */
record Settings(
        Protocol protocol,
        BalanceConfig balance,
        @Nullable StickyConfig sticky,
        Admission admission,
        UpstreamConfig upstream,
        QueueConfig queue,
        Duration clientTimeout,
        ClientConfig client,
        boolean clientKeepAlive,
        Duration headerTimeout,
        @Nullable AccessConfig accessLog,
        @Nullable CheckConfig check,
        boolean allBackups,
        int weight,
        boolean backup,
        boolean registryWeights,
        @Nullable ObserveConfig observe,
        Marking marking,
        boolean disabled,
        int maxConnections) {
    /** What a service without a {@code haproxy} section begins with. */
    static final Settings NATIVE = new Settings(
            Protocol.HTTP,
            BalanceConfig.ROUND_ROBIN,
            null,
            Admission.DEFAULT,
            UpstreamConfig.DEFAULT,
            QueueConfig.UNLIMITED,
            Duration.ofSeconds(60),
            ClientConfig.DEFAULT,
            false,
            EntranceConfig.DEFAULT.headerTimeout(),
            null,
            null,
            false,
            1,
            false,
            true,
            null,
            Marking.NONE,
            false,
            0);

    /** Returns what the lines of a {@code haproxy} section come to. */
    static Settings of(ProxySection section, boolean useNerveWeights, Naming naming, @Nullable AccessConfig accessLog) {
        Integer weight = section.server().weight();
        return new Settings(
                section.protocol(),
                section.balance(),
                section.sticky(naming),
                section.admission(),
                upstreamOf(section),
                section.queue(),
                section.timeout(Timeout.CLIENT),
                clientOf(section),
                section.clientKeepAlive(),
                headerTimeoutOf(section),
                accessLog,
                section.check(),
                section.allBackups(),
                weight == null ? 1 : weight,
                section.server().backup(),
                useNerveWeights,
                section.server().observe(),
                section.server().marking(),
                section.server().disabled(),
                section.maxConnections());
    }

    static ClientConfig clientOf(ProxySection section) {
        Duration request = section.timeout(Timeout.HTTP_REQUEST, section.timeout(Timeout.CLIENT));
        int head = Math.max(section.headBytes(), ClientConfig.DEFAULT.maxHeadBytes());
        return ClientConfig.DEFAULT
                .with()
                .maxHeadBytes(head)
                .requestTimeout(request)
                .keepAliveTimeout(section.timeout(Timeout.HTTP_KEEP_ALIVE, request))
                .forwardedFor(section.forwardedFor() ? ForwardedFor.APPEND : ForwardedFor.OFF)
                .requestId(section.requestId())
                .maxRequests(section.closing() == Closing.BOTH ? 1 : 0)
                .errorPages(section.errorPages())
                .build();
    }

    static Duration headerTimeoutOf(ProxySection section) {
        Duration request = section.timeout(Timeout.HTTP_REQUEST);
        return request.isZero() ? EntranceConfig.DEFAULT.headerTimeout() : request;
    }

    private static UpstreamConfig upstreamOf(ProxySection section) {
        return UpstreamConfig.DEFAULT
                .with()
                .connectTimeout(section.timeout(Timeout.CONNECT))
                .serverTimeout(section.timeout(Timeout.SERVER))
                .retries(section.retries())
                .redispatch(section.redispatch())
                .tunnelTimeout(section.timeoutOrNull(Timeout.TUNNEL))
                .sendProxy(section.server().sendProxy())
                .tcpKeepAlive(section.memberKeepAlive())
                .source(section.server().source())
                .tls(section.server().tls())
                .retryRules(section.retryRules())
                .maxIdlePerLoop(section.closing() == Closing.NONE ? UpstreamConfig.DEFAULT.maxIdlePerLoop() : 0)
                .build();
    }
}

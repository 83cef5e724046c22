package io.myelin.config.haproxy;

import io.myelin.balance.BalanceConfig;
import io.myelin.config.document.Problems;
import io.myelin.health.CheckConfig;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.http.RequestIdConfig;
import io.myelin.log.AccessConfig;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.pool.Admission;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a {@code defaults}, {@code listen}, {@code frontend} or {@code backend} section add up to, the
 * later overriding the earlier.
 */
@OwnedBy(Owner.BUILDER)
public final class ProxySection {
    private final Map<Timeout, Duration> timeouts = new EnumMap<>(Timeout.class);
    private final ServerSettings server;
    final BalanceLines balance;
    final LogLines logs;

    @Nullable
    Protocol mode;

    int retries = 3;
    boolean redispatch;
    boolean allBackups;
    boolean forwardedFor;

    @Nullable
    HttpCheck httpCheck;

    Expectation expectation = Expectation.SUCCESS;

    /** Creates a section with HAProxy's defaults. */
    public ProxySection() {
        server = new ServerSettings();
        balance = new BalanceLines();
        logs = new LogLines();
    }

    /** Creates a section that begins with what {@code defaults} says. */
    public ProxySection(ProxySection defaults) {
        timeouts.putAll(defaults.timeouts);
        server = new ServerSettings(defaults.server);
        mode = defaults.mode;
        balance = new BalanceLines(defaults.balance);
        logs = new LogLines(defaults.logs);
        retries = defaults.retries;
        redispatch = defaults.redispatch;
        allBackups = defaults.allBackups;
        forwardedFor = defaults.forwardedFor;
        httpCheck = defaults.httpCheck;
        expectation = defaults.expectation;
    }

    /** Takes over what {@code line} says; a line that says nothing to Myelin is reported. */
    public void apply(Line line, Problems problems) {
        Directives.apply(line, this, problems);
    }

    /** Takes over the options of a {@code server} line. */
    public void applyServerOptions(Line line, Problems problems) {
        server.apply(line, line.words(), problems);
    }

    /** Returns the protocol, which is TCP when no line says otherwise. */
    public Protocol protocol() {
        return mode == null ? Protocol.TCP : mode;
    }

    public BalanceConfig balance() {
        return balance.config();
    }

    /** Returns the section's own {@code balance} line, {@code null} if it has none that can be used. */
    public @Nullable Line balanceLine() {
        return balance.line();
    }

    /** Returns what is logged of requests or tunnels, {@code null} for nothing. */
    public @Nullable AccessConfig accessLog(GlobalLogs global, Problems problems) {
        return logs.config(protocol(), global, problems);
    }

    /** Returns how requests get an identity. */
    public RequestIdConfig requestId() {
        return logs.requestId();
    }

    /** Returns when members take work; HAProxy heeds health whatever it finds. */
    public Admission admission() {
        return new Admission(server.slowStart, Admission.DEFAULT.aggression(), Admission.DEFAULT.panicPercent());
    }

    public int retries() {
        return retries;
    }

    public boolean redispatch() {
        return redispatch;
    }

    public boolean allBackups() {
        return allBackups;
    }

    public boolean forwardedFor() {
        return forwardedFor;
    }

    public ServerSettings server() {
        return server;
    }

    /** Returns the time limit of that name, zero for none. */
    public Duration timeout(Timeout name) {
        return timeouts.getOrDefault(name, Duration.ZERO);
    }

    /** Returns the time limit of that name, or that of {@code otherwise} when no line sets it. */
    public Duration timeout(Timeout name, Duration otherwise) {
        return timeouts.getOrDefault(name, otherwise);
    }

    void limit(Timeout name, Duration value) {
        timeouts.put(name, value);
    }

    /** Returns how members are checked, {@code null} if they are not. */
    public @Nullable CheckConfig check() {
        if (!server.check) {
            return null;
        }
        Duration interval = server.interval == null ? Duration.ofSeconds(2) : server.interval;
        Duration read = timeout(Timeout.CHECK);
        return new CheckConfig(
                interval,
                server.fastInterval == null ? interval : server.fastInterval,
                server.downInterval == null ? interval : server.downInterval,
                server.rise,
                server.fall,
                read.isZero() ? interval : shorter(timeout(Timeout.CONNECT), interval),
                read.isZero() ? interval : read,
                server.checkPort,
                httpCheck == null ? null : HttpCheckLines.withExpectation(httpCheck, expectation));
    }

    private static Duration shorter(Duration limit, Duration interval) {
        return limit.isZero() || limit.compareTo(interval) > 0 ? interval : limit;
    }
}

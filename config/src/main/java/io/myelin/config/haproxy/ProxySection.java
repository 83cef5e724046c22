package io.myelin.config.haproxy;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.Slots;
import io.myelin.config.document.Problems;
import io.myelin.health.CheckConfig;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.http.ErrorPage;
import io.myelin.http.RequestIdConfig;
import io.myelin.log.AccessConfig;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.Protocol;
import io.myelin.pool.Admission;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.RetryRules;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyConfig.Naming;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a {@code defaults}, {@code listen}, {@code frontend} or {@code backend} section add up to, the
 * later overriding the earlier.
 */
@OwnedBy(Owner.BUILDER)
public final class ProxySection {
    private final Map<Timeout, Duration> timeouts = new EnumMap<>(Timeout.class);
    private final ServerSettings server;
    final Map<Integer, ErrorPage> errorPages = new TreeMap<>();
    final BalanceLines balance;
    final StickyLines sticky;
    final LogLines logs;

    @Nullable
    Protocol mode;

    int retries = 3;
    boolean redispatch;
    RetryRules retryRules = RetryRules.DEFAULT;
    boolean allBackups;
    boolean forwardedFor;
    boolean clientKeepAlive;
    boolean memberKeepAlive;
    int maxConnections;
    Closing closing = Closing.NONE;

    @Nullable
    HttpCheck httpCheck;

    Expectation expectation = Expectation.SUCCESS;
    boolean sendState;
    private int spreadPercent = CheckConfig.DEFAULT_SPREAD;
    private int headBytes;

    /** Which connections end with each exchange. */
    public enum Closing {
        NONE,
        /** Those to members. */
        MEMBERS,
        /** Those of clients, too. */
        BOTH
    }

    /** Creates a section with HAProxy's defaults. */
    public ProxySection() {
        server = new ServerSettings();
        balance = new BalanceLines();
        sticky = new StickyLines();
        logs = new LogLines();
    }

    /** Creates a section that begins with what {@code defaults} says. */
    public ProxySection(ProxySection defaults) {
        timeouts.putAll(defaults.timeouts);
        errorPages.putAll(defaults.errorPages);
        server = new ServerSettings(defaults.server);
        mode = defaults.mode;
        balance = new BalanceLines(defaults.balance);
        sticky = new StickyLines(defaults.sticky);
        logs = new LogLines(defaults.logs);
        retries = defaults.retries;
        redispatch = defaults.redispatch;
        retryRules = defaults.retryRules;
        allBackups = defaults.allBackups;
        forwardedFor = defaults.forwardedFor;
        clientKeepAlive = defaults.clientKeepAlive;
        memberKeepAlive = defaults.memberKeepAlive;
        maxConnections = defaults.maxConnections;
        closing = defaults.closing;
        httpCheck = defaults.httpCheck;
        expectation = defaults.expectation;
        sendState = defaults.sendState;
        spreadPercent = defaults.spreadPercent;
        headBytes = defaults.headBytes;
    }

    /** Takes over what {@code global} says of every section. */
    public void tune(GlobalLines global) {
        spreadPercent = global.spreadPercent();
        headBytes = global.headBytes();
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

    /**
     * Returns how clients stick to members, {@code null} if they do not.
     *
     * @param naming what their cookie calls a member whose options do not say it
     */
    public @Nullable StickyConfig sticky(Naming naming) {
        return sticky.config(naming, server.cookie);
    }

    /** Returns the section's own {@code cookie} line, {@code null} if it has none that can be used. */
    public @Nullable Line stickyLine() {
        return sticky.line();
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

    public Closing closing() {
        return closing;
    }

    /** Returns what takes the place of the proxy's own words, by the status of the failure. */
    public Map<Integer, ErrorPage> errorPages() {
        return errorPages;
    }

    public int retries() {
        return retries;
    }

    public boolean redispatch() {
        return redispatch;
    }

    public RetryRules retryRules() {
        return retryRules;
    }

    public boolean allBackups() {
        return allBackups;
    }

    public boolean forwardedFor() {
        return forwardedFor;
    }

    /** Returns whether the kernel probes silent connections of clients. */
    public boolean clientKeepAlive() {
        return clientKeepAlive;
    }

    /** Returns whether the kernel probes silent connections to members. */
    public boolean memberKeepAlive() {
        return memberKeepAlive;
    }

    /** Returns the time limit of that name, {@code null} when no line sets it. */
    public @Nullable Duration timeoutOrNull(Timeout name) {
        return timeouts.get(name);
    }

    /** Returns how many clients a frontend may have at once, 0 for any number. */
    public int maxConnections() {
        return maxConnections;
    }

    /**
     * Returns what each member may have to do at once, and how the rest waits; 0 stands for no limit in the dialect.
     */
    public QueueConfig queue() {
        return QueueConfig.UNLIMITED
                .with()
                .maxConnections(server.maxConnections == 0 ? Slots.UNLIMITED : server.maxConnections)
                .maxWaiting(server.maxWaiting == 0 ? Slots.UNLIMITED : server.maxWaiting)
                .timeout(timeouts.get(Timeout.QUEUE))
                .build();
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

    /** Returns how long a client is held that a rule says to hold: HAProxy takes the connect timeout for it, too. */
    public Duration tarpit() {
        return timeout(Timeout.TARPIT, timeout(Timeout.CONNECT));
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
        return CheckConfig.every(interval)
                .with()
                .fastInterval(server.fastInterval == null ? interval : server.fastInterval)
                .downInterval(server.downInterval == null ? interval : server.downInterval)
                .rise(server.rise)
                .fall(server.fall)
                .connectTimeout(read.isZero() ? interval : shorter(timeout(Timeout.CONNECT), interval))
                .readTimeout(read.isZero() ? interval : read)
                .port(server.checkPort)
                .http(httpCheck == null ? null : HttpCheckLines.with(httpCheck, expectation, sendState))
                .sendProxy(server.checkProxy())
                .spreadPercent(spreadPercent)
                .tls(server.tls())
                .build();
    }

    /** Returns how long a request's head may be at least, in bytes; 0 if nothing says it. */
    public int headBytes() {
        return headBytes;
    }

    private static Duration shorter(Duration limit, Duration interval) {
        return limit.isZero() || limit.compareTo(interval) > 0 ? interval : limit;
    }
}

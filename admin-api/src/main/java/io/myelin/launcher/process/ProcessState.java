package io.myelin.launcher.process;

import io.myelin.accesslog.AccessLogCounter;
import io.myelin.accesslog.AccessLogs;
import io.myelin.admin.AnnouncementView;
import io.myelin.admin.BrokenService;
import io.myelin.admin.CheckCounts;
import io.myelin.admin.ConfigStatus;
import io.myelin.admin.OrchestratedView;
import io.myelin.admin.PluginsView;
import io.myelin.admin.ProbedInstance;
import io.myelin.admin.ProcessView;
import io.myelin.admin.ReplicaOrders;
import io.myelin.failure.Failure;
import io.myelin.files.StateFileFacts;
import io.myelin.http.Violation;
import io.myelin.model.Clock;
import io.myelin.pool.Pool;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProcessConnections;
import io.myelin.server.ProxyServer;
import io.myelin.stats.Statistics;
import io.myelin.tls.MemberTlsStatus;
import io.myelin.tls.TlsStatus;
import io.myelin.tye.Views;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What operators see of the process. Read by any thread; one thread reports what became of the configuration. */
final class ProcessState implements ProcessView {
    private final ProxyServer server;
    private final Supplier<Map<String, Long>> registryCounts;
    private final Function<String, @Nullable CheckCounts> checkCounts;
    private final Supplier<List<ProbedInstance>> probed;
    private final Executor control;
    private final AnnouncementRoster announcements;
    private final ReplicaOrders replicas;
    private final AccessLogs accessLogs;
    private final OperatorTools tools;
    private final Views orchestrated;
    private final SynseFront synse;
    private final String version;
    private final Clock clock;
    private volatile ConfigStatus config = ConfigStatus.NONE;
    private volatile List<BrokenService> brokenServices = List.of();
    private volatile boolean draining;
    private volatile Supplier<@Nullable TlsStatus> adminTls = () -> null;

    ProcessState(
            ProxyServer server,
            Sources sources,
            AnnouncementRoster announcements,
            ReplicaOrders replicas,
            AccessLogs accessLogs,
            OperatorTools tools,
            Views orchestrated,
            SynseFront synse,
            String version,
            Clock clock) {
        this.server = server;
        this.registryCounts = sources::registryCounts;
        this.checkCounts = sources::checkCounts;
        this.probed = sources::probed;
        this.control = sources.control();
        this.announcements = announcements;
        this.replicas = replicas;
        this.accessLogs = accessLogs;
        this.tools = tools;
        this.orchestrated = orchestrated;
        this.synse = synse;
        this.version = version;
        this.clock = clock;
    }

    /** A configuration took effect, except for {@code broken}. */
    void onApplied(List<BrokenService> broken) {
        ConfigStatus before = config;
        brokenServices = List.copyOf(broken);
        config = new ConfigStatus(before.version() + 1, clock.wallMillis(), before.rejected(), "");
    }

    /** A configuration was refused as a whole. */
    void onRejected(String error) {
        ConfigStatus before = config;
        config = new ConfigStatus(before.version(), before.appliedMillis(), before.rejected() + 1, error);
    }

    /** Operators are answered; {@code tls} tells how TLS stands there. */
    void onAdmin(Supplier<@Nullable TlsStatus> tls) {
        adminTls = tls;
    }

    @Override
    public @Nullable TlsStatus adminTls() {
        return adminTls.get();
    }

    @Override
    public List<MemberTlsStatus> memberTls() {
        return server.memberContexts().status();
    }

    void beginDraining() {
        draining = true;
    }

    @Override
    public List<Pool> pools() {
        return server.pools();
    }

    @Override
    public @Nullable Pool pool(String name) {
        return server.pool(name);
    }

    @Override
    public List<ListenerStatus> listeners() {
        return Stream.of(server.listeners(), tools.listeners(), synse.listeners())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public ProcessConnections connections() {
        return server.connections();
    }

    @Override
    public long unrouted(Failure failure) {
        return server.unrouted(failure);
    }

    @Override
    public long unroutedRedirects() {
        return server.unroutedRedirects();
    }

    @Override
    public long refusedRequests(Violation rule) {
        return server.refusedRequests(rule);
    }

    @Override
    public long refusedResponses(Violation rule) {
        return server.refusedResponses(rule);
    }

    @Override
    public long accessLog(AccessLogCounter counter) {
        return accessLogs.total(counter);
    }

    @Override
    public @Nullable CheckCounts checks(String service) {
        return checkCounts.apply(service);
    }

    @Override
    public List<ProbedInstance> probed() {
        return probed.get();
    }

    @Override
    public Map<String, Long> registryCounts() {
        return registryCounts.get();
    }

    @Override
    public @Nullable StateFileFacts stateFile() {
        return tools.stateFile();
    }

    @Override
    public List<AnnouncementView> announcements() {
        return announcements.views();
    }

    @Override
    public ReplicaOrders replicaOrders() {
        return replicas;
    }

    @Override
    public Map<String, OrchestratedView> orchestrated() {
        return orchestrated.all();
    }

    @Override
    public @Nullable PluginsView plugins() {
        return synse.view();
    }

    @Override
    public String transport() {
        return server.transport();
    }

    @Override
    public List<BrokenService> brokenServices() {
        return brokenServices;
    }

    @Override
    public Statistics statistics() {
        return tools.statistics();
    }

    @Override
    public void afterChanges(Runnable task) {
        // A change queues its publication behind what is queued, so that the second task runs after it.
        control.execute(() -> control.execute(task));
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public boolean draining() {
        return draining;
    }

    @Override
    public ConfigStatus config() {
        return config;
    }
}

package io.myelin.admin;

import io.myelin.accesslog.AccessLogCounter;
import io.myelin.failure.Failure;
import io.myelin.http.Violation;
import io.myelin.model.Protocol;
import io.myelin.pool.Pool;
import io.myelin.server.BindAddress;
import io.myelin.server.ConnectionRoom;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProcessConnections;
import io.myelin.stats.Statistics;
import io.myelin.testing.FakeClock;
import io.myelin.tls.MemberTlsStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A process that is what the test says; safe from any thread. */
final class FakeProcess implements ProcessView {
    final Map<String, Pool> pools = new ConcurrentSkipListMap<>();
    final List<ListenerStatus> listeners = new CopyOnWriteArrayList<>();
    final List<AnnouncementView> announcements = new CopyOnWriteArrayList<>();
    final List<BrokenService> broken = new CopyOnWriteArrayList<>();
    final Map<Failure, Long> unrouted = new ConcurrentHashMap<>();
    volatile ProcessConnections connections = new ProcessConnections(0, 0);
    final Map<Violation, Long> refusedRequests = new ConcurrentHashMap<>();
    final Map<Violation, Long> refusedResponses = new ConcurrentHashMap<>();
    final Map<AccessLogCounter, Long> accessLog = new ConcurrentHashMap<>();
    final List<ProbedInstance> probed = new CopyOnWriteArrayList<>();
    final Map<String, CheckCounts> checks = new ConcurrentHashMap<>();
    final Statistics statistics = new Statistics(new FakeStatistics(this), new FakeClock());
    final List<MemberTlsStatus> memberTls = new CopyOnWriteArrayList<>();
    volatile ReplicaOrders replicaOrders = ReplicaOrders.NONE;
    volatile boolean draining;
    /** Lets what pools were asked for take effect. */
    volatile Runnable control = () -> {};

    volatile ConfigStatus config = new ConfigStatus(1, 1_700_000_000_000L, 0, "");
    volatile @Nullable RuntimeException defect;

    void serve(Pool pool) {
        pools.put(pool.name(), pool);
    }

    void listenWithin(String name, int port, ConnectionRoom room) {
        listeners.add(new ListenerStatus(
                name, new BindAddress("127.0.0.1", port), true, port, Protocol.HTTP, 3, 12, room, null, null));
    }

    void listen(String name, int configuredPort, int boundPort, @Nullable String error) {
        listeners.add(new ListenerStatus(
                name,
                new BindAddress("127.0.0.1", configuredPort),
                error == null && boundPort > 0,
                boundPort,
                Protocol.HTTP,
                3,
                12,
                error));
    }

    @Override
    public List<Pool> pools() {
        RuntimeException thrown = defect;
        if (thrown != null) {
            throw thrown;
        }
        return List.copyOf(pools.values());
    }

    @Override
    public @Nullable Pool pool(String name) {
        return pools.get(name);
    }

    @Override
    public List<ListenerStatus> listeners() {
        return listeners;
    }

    @Override
    public ProcessConnections connections() {
        return connections;
    }

    @Override
    public long unrouted(Failure failure) {
        return unrouted.getOrDefault(failure, 0L);
    }

    @Override
    public long unroutedRedirects() {
        return 3;
    }

    @Override
    public long refusedRequests(Violation rule) {
        return refusedRequests.getOrDefault(rule, 0L);
    }

    @Override
    public long refusedResponses(Violation rule) {
        return refusedResponses.getOrDefault(rule, 0L);
    }

    @Override
    public long accessLog(AccessLogCounter counter) {
        return accessLog.getOrDefault(counter, 0L);
    }

    @Override
    public List<MemberTlsStatus> memberTls() {
        return memberTls;
    }

    @Override
    public @Nullable CheckCounts checks(String service) {
        return checks.get(service);
    }

    @Override
    public List<ProbedInstance> probed() {
        return probed;
    }

    @Override
    public Map<String, Long> registryCounts() {
        return Map.of("registry_reads_total", 7L);
    }

    @Override
    public List<AnnouncementView> announcements() {
        return announcements;
    }

    @Override
    public ReplicaOrders replicaOrders() {
        return replicaOrders;
    }

    @Override
    public String transport() {
        return "epoll (native, 2 loops)";
    }

    @Override
    public List<BrokenService> brokenServices() {
        return broken;
    }

    @Override
    public Statistics statistics() {
        return statistics;
    }

    @Override
    public void afterChanges(Runnable task) {
        control.run();
        task.run();
    }

    @Override
    public String version() {
        return "1.2.3";
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

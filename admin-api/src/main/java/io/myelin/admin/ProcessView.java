package io.myelin.admin;

import io.myelin.accesslog.AccessLogCounter;
import io.myelin.failure.Failure;
import io.myelin.files.StateFileFacts;
import io.myelin.http.Violation;
import io.myelin.pool.Pool;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProcessConnections;
import io.myelin.stats.Statistics;
import io.myelin.tls.MemberTlsStatus;
import io.myelin.tls.TlsStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the admin API can see of the process.
 *
 * <p>Called on the admin thread while everything else goes on: every method returns at once, is safe from any thread
 * and describes one moment.
 */
public interface ProcessView {
    /** Returns the pools that serve, with unique names. */
    List<Pool> pools();

    @Nullable
    Pool pool(String name);

    /** Returns the state of every address of every listener. */
    List<ListenerStatus> listeners();

    /** Returns how many client connections there are, and how many there may be. */
    ProcessConnections connections();

    /** Returns how many exchanges failed before they could be given to a pool, for that reason. */
    long unrouted(Failure failure);

    /** Returns how many requests were redirected before they could be given to a pool. */
    long unroutedRedirects();

    /** Returns how many requests broke that rule of HTTP. */
    long refusedRequests(Violation rule);

    /** Returns how many responses of members broke that rule of HTTP. */
    long refusedResponses(Violation rule);

    /** Returns what became of lines of access logs. */
    long accessLog(AccessLogCounter counter);

    /** Returns what was counted about the checks of a service, {@code null} if none was made. */
    @Nullable
    CheckCounts checks(String service);

    /** Returns the instances that have liveness or readiness probes, in no order. */
    List<ProbedInstance> probed();

    /** Returns what the clients of the registries have counted, by metric name without the program's prefix. */
    Map<String, Long> registryCounts();

    /** Returns what became of the state file, {@code null} if none is kept. */
    default @Nullable StateFileFacts stateFile() {
        return null;
    }

    /** Returns what this host announces, in the order of the configuration. */
    List<AnnouncementView> announcements();

    /** Returns what operators see of and ask for the replicas that this process runs. */
    ReplicaOrders replicaOrders();

    /** Returns what is run of services here, by the name of the service. */
    default Map<String, OrchestratedView> orchestrated() {
        return Map.of();
    }

    /** Returns the plugins of Synse, {@code null} if nothing is configured of them. */
    default @Nullable PluginsView plugins() {
        return null;
    }

    /** Returns which transport the event loops use and why. */
    String transport();

    /**
     * Returns the services whose configuration cannot be served; one that still serves an earlier one is a pool too.
     */
    List<BrokenService> brokenServices();

    /** Returns the statistics in HAProxy's terms. */
    Statistics statistics();

    /** Runs {@code task} on some thread once the changes that pools were asked for have taken effect. */
    void afterChanges(Runnable task);

    /** Returns the version of this program. */
    String version();

    /** Returns whether the process is finishing its work and takes no more. */
    boolean draining();

    /** Returns what became of the configuration. */
    ConfigStatus config();

    /** Returns how TLS stands with members, in each of the ways in which it is spoken. */
    default List<MemberTlsStatus> memberTls() {
        return List.of();
    }

    /** Returns how TLS stands at the operators' own listener, {@code null} for plain text. */
    default @Nullable TlsStatus adminTls() {
        return null;
    }
}

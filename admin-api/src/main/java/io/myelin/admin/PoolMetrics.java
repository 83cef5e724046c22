package io.myelin.admin;

import io.myelin.admin.SecondsBuckets.Scale;
import io.myelin.balance.Slots;
import io.myelin.failure.Failure;
import io.myelin.model.SourceStatus;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.WaitingLine;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The metrics of one pool and its members. */
final class PoolMetrics {
    private final PoolReading reading;
    private final Pool pool;
    private final MetricFamilies families;
    private final Labels labels;

    private PoolMetrics(PoolReading reading, MetricFamilies families) {
        this.reading = reading;
        this.pool = reading.pool();
        this.families = families;
        this.labels = Labels.of("pool", pool.name());
    }

    static void collect(PoolReading reading, Times times, MetricFamilies families) {
        PoolMetrics metrics = new PoolMetrics(reading, families);
        metrics.collectTraffic();
        if (reading.snapshot().sticky() != null) {
            metrics.collectStickiness();
        }
        metrics.collectFailures();
        metrics.collectMembership();
        WaitingLine line = reading.snapshot().line();
        if (line != null) {
            metrics.collectQueue(line);
        }
        SourceStatus source = reading.source();
        if (source != null) {
            metrics.collectSource(source, times);
        }
        reading.standings()
                .forEach((member, standing) -> new MemberMetrics(metrics.labels, member, families)
                        .collect(standing.state() == MemberState.UP));
    }

    /** Adds what was counted about the checks of a pool's members, if there are any. */
    static void collectChecks(String pool, @Nullable CheckCounts checks, MetricFamilies families) {
        if (checks == null) {
            return;
        }
        Labels labels = Labels.of("pool", pool);
        String help = "Checks of members that are over, by result.";
        families.counter("myelin_pool_checks_total", help, checks.passed(), labels.add("result", "passed"));
        families.counter("myelin_pool_checks_total", help, checks.failed(), labels.add("result", "failed"));
        families.counter(
                "myelin_pool_check_transitions_total",
                "Conclusions about a member that differ from the one before.",
                checks.transitions(),
                labels);
        families.counter(
                "myelin_pool_traffic_alarms_total",
                "Times that too much of a member's traffic went wrong in a row.",
                checks.alarms(),
                labels);
    }

    private void collectTraffic() {
        families.gauge(
                "myelin_pool_in_flight",
                "Requests and tunnels in progress.",
                pool.total(PoolCounter.IN_FLIGHT),
                labels);
        counter("requests", "Requests or tunnels routed to the pool.", PoolCounter.REQUESTS);
        counter("retries", "Further attempts on the same member.", PoolCounter.RETRIES);
        counter("redispatches", "Further attempts on another member.", PoolCounter.REDISPATCHES);
        counter("dropped_trailers", "Trailer fields that were not forwarded.", PoolCounter.TRAILERS_DROPPED);
        counter("received_bytes", "Bytes received from clients.", PoolCounter.BYTES_IN);
        counter("sent_bytes", "Bytes sent to clients.", PoolCounter.BYTES_OUT);
        response("1xx", PoolCounter.RESPONSES_1XX);
        response("2xx", PoolCounter.RESPONSES_2XX);
        response("3xx", PoolCounter.RESPONSES_3XX);
        response("4xx", PoolCounter.RESPONSES_4XX);
        response("5xx", PoolCounter.RESPONSES_5XX);
        families.histogram(
                "myelin_pool_latency_seconds",
                "Time from the request head to the end of the response, or length of the tunnel.",
                SecondsBuckets.of(pool.latency(), Scale.LATENCY),
                labels);
        families.histogram(
                "myelin_pool_self_time_seconds",
                "Time spent inside the proxy.",
                SecondsBuckets.of(pool.selfTime(), Scale.SELF_TIME),
                labels);
    }

    private void collectStickiness() {
        counter("sticky_hits", "Requests given to the member that their cookie names.", PoolCounter.STICKY_HITS);
        counter(
                "sticky_misses",
                "Requests without a cookie that names a member of the pool.",
                PoolCounter.STICKY_MISSES);
        counter(
                "sticky_redispatches",
                "Requests given to another member than their cookie names, because that one could not take them.",
                PoolCounter.STICKY_REDISPATCHES);
    }

    private void collectFailures() {
        for (Failure failure : Failure.values()) {
            families.counter(
                    "myelin_pool_failures_total",
                    "Exchanges and tunnels that failed, by reason.",
                    pool.total(failure),
                    labels.add("reason", failure.label()));
        }
    }

    private void collectQueue(WaitingLine line) {
        families.gauge(
                "myelin_pool_queue_length",
                "Requests and tunnels that wait for a member with room.",
                line.waiting(),
                labels);
        families.gauge("myelin_pool_queue_most", "The most that ever waited at once.", line.mostWaiting(), labels);
        if (line.limit() != Slots.UNLIMITED) {
            families.gauge("myelin_pool_queue_limit", "How many may wait.", line.limit(), labels);
        }
        families.counter("myelin_pool_queued_total", "Requests and tunnels that had to wait.", line.queued(), labels);
        families.histogram(
                "myelin_pool_queue_time_seconds",
                "How long requests and tunnels waited for a member with room.",
                SecondsBuckets.of(line.times(), Scale.LATENCY),
                labels);
    }

    private void collectMembership() {
        for (MemberState state : MemberState.values()) {
            families.gauge(
                    "myelin_pool_members",
                    "Members by state.",
                    reading.count(state),
                    labels.add("state", state.name().toLowerCase(Locale.ROOT)));
        }
        families.gauge(
                "myelin_pool_snapshot_version",
                "Version of the snapshot that serves.",
                reading.snapshot().version(),
                labels);
        families.gauge(
                "myelin_pool_snapshot_timestamp_seconds",
                "When the snapshot that serves was published, in Unix time.",
                reading.snapshot().atMillis() / 1e3,
                labels);
    }

    private void collectSource(SourceStatus source, Times times) {
        families.gauge(
                "myelin_source_stale",
                "1 while a remembered set of endpoints is served because the source cannot be asked.",
                source.state() == SourceStatus.State.STALE ? 1 : 0,
                labels);
        Double ageSeconds = times.ageSeconds(source.syncedMillis());
        if (ageSeconds != null) {
            families.gauge("myelin_source_age_seconds", "Time since everything was last read.", ageSeconds, labels);
        }
    }

    private void counter(String noun, String help, PoolCounter counter) {
        families.counter("myelin_pool_" + noun + "_total", help, pool.total(counter), labels);
    }

    private void response(String codes, PoolCounter counter) {
        families.counter(
                "myelin_pool_responses_total",
                "Responses sent to clients, by class of status code.",
                pool.total(counter),
                labels.add("code", codes));
    }
}

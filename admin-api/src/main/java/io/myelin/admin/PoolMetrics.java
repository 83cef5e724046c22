package io.myelin.admin;

import io.myelin.admin.PoolReading.Seen;
import io.myelin.admin.SecondsBuckets.Scale;
import io.myelin.balance.Slots;
import io.myelin.failure.Failure;
import io.myelin.model.SourceStatus;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.WaitingLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/** The metrics of one pool, without its members. */
final class PoolMetrics {
    private final ProcessView view;
    private final Times times;
    private final List<Family<Seen>> families = new ArrayList<>();

    private PoolMetrics(ProcessView view, Times times) {
        this.view = view;
        this.times = times;
    }

    static List<Family<Seen>> families(ProcessView view, Times times) {
        PoolMetrics metrics = new PoolMetrics(view, times);
        metrics.addTraffic();
        metrics.addStickiness();
        metrics.addQueue();
        metrics.addMembership();
        metrics.addSource();
        metrics.addChecks();
        return metrics.families;
    }

    private void addTraffic() {
        gauge("in_flight", "Requests and tunnels in progress.", seen -> seen.total(PoolCounter.IN_FLIGHT));
        counter("requests", "Requests or tunnels routed to the pool.", PoolCounter.REQUESTS);
        counter("retries", "Further attempts on the same member.", PoolCounter.RETRIES);
        counter("redispatches", "Further attempts on another member.", PoolCounter.REDISPATCHES);
        counter("dropped_trailers", "Trailer fields that were not forwarded.", PoolCounter.TRAILERS_DROPPED);
        counter("received_bytes", "Bytes received from clients.", PoolCounter.BYTES_IN);
        counter("sent_bytes", "Bytes sent to clients.", PoolCounter.BYTES_OUT);
        counters("responses", "Responses sent to clients, by class of status code.", (seen, text) -> {
            response(seen, text, "1xx", PoolCounter.RESPONSES_1XX);
            response(seen, text, "2xx", PoolCounter.RESPONSES_2XX);
            response(seen, text, "3xx", PoolCounter.RESPONSES_3XX);
            response(seen, text, "4xx", PoolCounter.RESPONSES_4XX);
            response(seen, text, "5xx", PoolCounter.RESPONSES_5XX);
        });
        counters("failures", "Exchanges and tunnels that failed, by reason.", (seen, text) -> {
            for (Failure failure : Failure.values()) {
                text.label("pool", seen.name())
                        .label("reason", failure.label())
                        .value(seen.pool().total(failure));
            }
        });
        histogram(
                "latency_seconds",
                "Time from the request head to the end of the response, or length of the tunnel.",
                (seen, text) -> write(SecondsBuckets.of(seen.pool().latency(), Scale.LATENCY), seen, text));
        histogram(
                "self_time_seconds",
                "Time spent inside the proxy.",
                (seen, text) -> write(SecondsBuckets.of(seen.pool().selfTime(), Scale.SELF_TIME), seen, text));
    }

    private void addStickiness() {
        sticky("hits", "Requests given to the member that their cookie names.", PoolCounter.STICKY_HITS);
        sticky("misses", "Requests without a cookie that names a member of the pool.", PoolCounter.STICKY_MISSES);
        sticky(
                "redispatches",
                "Requests given to another member than their cookie names, because that one could not take them.",
                PoolCounter.STICKY_REDISPATCHES);
    }

    private void addQueue() {
        queue("queue_length", "Requests and tunnels that wait for a member with room.", WaitingLine::waiting);
        queue("queue_most", "The most that ever waited at once.", WaitingLine::mostWaiting);
        add(Family::gauge, "queue_limit", "How many may wait.", (seen, text) -> {
            WaitingLine line = seen.snapshot().line();
            if (line != null && line.limit() != Slots.UNLIMITED) {
                text.label("pool", seen.name()).value(line.limit());
            }
        });
        counters("queued", "Requests and tunnels that had to wait.", (seen, text) -> {
            WaitingLine line = seen.snapshot().line();
            if (line != null) {
                text.label("pool", seen.name()).value(line.queued());
            }
        });
        histogram(
                "queue_time_seconds", "How long requests and tunnels waited for a member with room.", (seen, text) -> {
                    WaitingLine line = seen.snapshot().line();
                    if (line != null) {
                        write(SecondsBuckets.of(line.times(), Scale.LATENCY), seen, text);
                    }
                });
    }

    private void addMembership() {
        add(Family::gauge, "members", "Members by state.", (seen, text) -> {
            PoolReading reading = PoolReading.of(seen);
            for (MemberState state : MemberState.values()) {
                text.label("pool", seen.name())
                        .label("state", state.name().toLowerCase(Locale.ROOT))
                        .value(reading.count(state));
            }
        });
        gauge(
                "snapshot_version",
                "Version of the snapshot that serves.",
                seen -> seen.snapshot().version());
        add(
                Family::gauge,
                "snapshot_timestamp_seconds",
                "When the snapshot that serves was published, in Unix time.",
                (seen, text) ->
                        text.label("pool", seen.name()).value(seen.snapshot().atMillis() / 1e3));
    }

    private void addSource() {
        families.add(Family.gauge(
                "myelin_source_stale",
                "1 while a remembered set of endpoints is served because the source cannot be asked.",
                (seen, text) -> {
                    SourceStatus source = seen.pool().sourceStatus();
                    if (source != null) {
                        boolean stale = source.state() == SourceStatus.State.STALE;
                        text.label("pool", seen.name()).value(stale ? 1 : 0);
                    }
                }));
        families.add(Family.gauge("myelin_source_age_seconds", "Time since everything was last read.", (seen, text) -> {
            SourceStatus source = seen.pool().sourceStatus();
            Double ageSeconds = source == null ? null : times.ageSeconds(source.syncedMillis());
            if (ageSeconds != null) {
                text.label("pool", seen.name()).value(ageSeconds);
            }
        }));
    }

    private void addChecks() {
        counters("checks", "Checks of members that are over, by result.", (seen, text) -> {
            CheckCounts checks = view.checks(seen.name());
            if (checks != null) {
                text.label("pool", seen.name()).label("result", "passed").value(checks.passed());
                text.label("pool", seen.name()).label("result", "failed").value(checks.failed());
            }
        });
        checked(
                "check_transitions",
                "Conclusions about a member that differ from the one before.",
                CheckCounts::transitions);
        checked(
                "traffic_alarms",
                "Times that too much of a member's traffic went wrong in a row.",
                CheckCounts::alarms);
    }

    /** One of the ways to make a family. */
    @FunctionalInterface
    private interface Maker {
        Family<Seen> make(String name, String help, BiConsumer<Seen, MetricText> series);
    }

    private void add(Maker kind, String noun, String help, BiConsumer<Seen, MetricText> series) {
        families.add(kind.make("myelin_pool_" + noun, help, series));
    }

    private void gauge(String noun, String help, ToLongFunction<Seen> number) {
        add(
                Family::gauge,
                noun,
                help,
                (seen, text) -> text.label("pool", seen.name()).value(number.applyAsLong(seen)));
    }

    private void histogram(String noun, String help, BiConsumer<Seen, MetricText> series) {
        add(Family::histogram, noun, help, series);
    }

    private void counters(String noun, String help, BiConsumer<Seen, MetricText> series) {
        add(Family::counter, noun + "_total", help, series);
    }

    private void counter(String noun, String help, PoolCounter counter) {
        counters(noun, help, (seen, text) -> text.label("pool", seen.name()).value(seen.total(counter)));
    }

    private void sticky(String noun, String help, PoolCounter counter) {
        counters("sticky_" + noun, help, (seen, text) -> {
            if (seen.snapshot().sticky() != null) {
                text.label("pool", seen.name()).value(seen.total(counter));
            }
        });
    }

    /** Adds a counter that only pools have whose members are checked. */
    private void checked(String noun, String help, ToLongFunction<CheckCounts> number) {
        counters(noun, help, (seen, text) -> {
            CheckCounts checks = view.checks(seen.name());
            if (checks != null) {
                text.label("pool", seen.name()).value(number.applyAsLong(checks));
            }
        });
    }

    private void queue(String noun, String help, ToLongFunction<WaitingLine> number) {
        add(Family::gauge, noun, help, (seen, text) -> {
            WaitingLine line = seen.snapshot().line();
            if (line != null) {
                text.label("pool", seen.name()).value(number.applyAsLong(line));
            }
        });
    }

    private static void response(Seen seen, MetricText text, String codes, PoolCounter counter) {
        text.label("code", codes).label("pool", seen.name()).value(seen.total(counter));
    }

    private static void write(SecondsBuckets buckets, Seen seen, MetricText text) {
        text.histogram(buckets, "pool", seen.name());
    }
}

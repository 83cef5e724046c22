package io.myelin.admin;

import io.myelin.admin.PoolReading.Seen;
import io.myelin.admin.SecondsBuckets.Scale;
import io.myelin.balance.HandshakeCounter;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.balance.Slots;
import io.myelin.metrics.Latency;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** The metrics of one member of a pool. */
final class MemberMetrics {
    private final List<Family<Seat>> families = new ArrayList<>();
    private final Histogram sum = Latency.coarseSum();

    private MemberMetrics() {}

    /** A member in the pool that it belongs to. */
    record Seat(Seen pool, Member member) {
        private boolean up() {
            boolean eligible = pool.snapshot().eligible().contains(member);
            return Standing.of(member, eligible).state() == MemberState.UP;
        }
    }

    static Iterator<Seat> membersOf(Seen pool) {
        return pool.snapshot().members().stream()
                .map(member -> new Seat(pool, member))
                .iterator();
    }

    static List<Family<Seat>> families() {
        MemberMetrics metrics = new MemberMetrics();
        metrics.addAll();
        return metrics.families;
    }

    private void addAll() {
        gauge("up", "1 while the member takes new work.", seat -> seat.up() ? 1 : 0);
        gauge("weight", "Effective weight.", seat -> seat.member().weight());
        gauge(
                "in_flight",
                "Exchanges and tunnels in progress.",
                seat -> seat.member().inFlight());
        slots("max_connections", "How many may be in progress at once.", Slots::limit);
        slots("slots_taken", "How many of those that may be in progress at once are.", Slots::taken);
        slots("queue_length", "Requests and tunnels that wait for this member and no other.", Slots::waiting);
        counter("requests", "Requests or tunnels given to the member, retries included.", MemberCounter.REQUESTS);
        counter("connections", "Connections established.", MemberCounter.CONNECTIONS);
        counter("connection_reuses", "Requests that travelled on a kept connection.", MemberCounter.REUSES);
        counter("connect_failures", "Connection attempts that failed.", MemberCounter.CONNECT_FAILURES);
        counter("retries", "Requests that it could not be given and was given again.", MemberCounter.RETRIES);
        counter(
                "redispatches",
                "Requests that it could not be given and another member was.",
                MemberCounter.REDISPATCHES);
        counter("failures", "Exchanges that failed after the connection stood.", MemberCounter.FAILURES);
        counter("sent_bytes", "Bytes sent to the member.", MemberCounter.BYTES_SENT);
        counter("received_bytes", "Bytes received from the member.", MemberCounter.BYTES_RECEIVED);
        addHandshakes();
        families.add(Family.counter(
                "myelin_member_responses_total",
                "Responses received from the member, by class of status code.",
                MemberMetrics::writeResponses));
        families.add(Family.summary(
                "myelin_member_latency_seconds",
                "Time from the request to the end of the member's response, or length of the tunnel.",
                this::writeLatency));
    }

    /** Adds what only members have with whom TLS is, or was, spoken. */
    private void addHandshakes() {
        handshakes("handshakes", "TLS handshakes that succeeded.", HandshakeCounter.SUCCEEDED);
        handshakes("resumed_handshakes", "TLS handshakes that took up an earlier session.", HandshakeCounter.RESUMED);
        families.add(Family.counter(
                "myelin_member_tls_handshake_failures_total",
                "TLS handshakes with the member that failed, by reason.",
                (seat, text) -> {
                    for (HandshakeCounter counter : HandshakeCounter.values()) {
                        if (counter.failure() && seat.member().everEncrypted()) {
                            labels(seat, text)
                                    .label("reason", counter.label())
                                    .value(seat.member().total(counter));
                        }
                    }
                }));
    }

    private void handshakes(String noun, String help, HandshakeCounter counter) {
        families.add(Family.counter("myelin_member_tls_" + noun + "_total", help, (seat, text) -> {
            if (seat.member().everEncrypted()) {
                labels(seat, text).value(seat.member().total(counter));
            }
        }));
    }

    private static void writeResponses(Seat seat, MetricText text) {
        response(seat, text, "1xx", MemberCounter.RESPONSES_1XX);
        response(seat, text, "2xx", MemberCounter.RESPONSES_2XX);
        response(seat, text, "3xx", MemberCounter.RESPONSES_3XX);
        response(seat, text, "4xx", MemberCounter.RESPONSES_4XX);
        response(seat, text, "5xx", MemberCounter.RESPONSES_5XX);
    }

    private static void response(Seat seat, MetricText text, String codes, MemberCounter counter) {
        labels(seat, text.label("code", codes)).value(seat.member().total(counter));
    }

    private void writeLatency(Seat seat, MetricText text) {
        sum.reset();
        seat.member().addLatencyTo(sum);
        SecondsBuckets buckets = SecondsBuckets.of(sum, Scale.LATENCY);
        labels(seat, text.suffixed("_count")).value(buckets.count());
        labels(seat, text.suffixed("_sum")).value(buckets.sum());
    }

    private void gauge(String noun, String help, ToLongFunction<Seat> number) {
        families.add(Family.gauge("myelin_member_" + noun, help, value(number)));
    }

    private void counter(String noun, String help, MemberCounter counter) {
        families.add(Family.counter(
                "myelin_member_" + noun + "_total",
                help,
                value(seat -> seat.member().total(counter))));
    }

    /** Adds what only members with a limit have. */
    private void slots(String noun, String help, ToLongFunction<Slots> number) {
        families.add(Family.gauge("myelin_member_" + noun, help, (seat, text) -> {
            Slots slots = seat.member().slots();
            if (slots != null && slots.limit() != Slots.UNLIMITED) {
                labels(seat, text).value(number.applyAsLong(slots));
            }
        }));
    }

    private static BiConsumer<Seat, MetricText> value(ToLongFunction<Seat> number) {
        return (seat, text) -> labels(seat, text).value(number.applyAsLong(seat));
    }

    private static MetricText labels(Seat seat, MetricText text) {
        return text.label("member", seat.member().id().value())
                .label("pool", seat.pool().name());
    }
}

package io.myelin.admin;

import io.myelin.admin.SecondsBuckets.Scale;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.balance.Slots;
import io.prometheus.metrics.model.snapshots.Labels;

/** The metrics of one member of a pool. */
final class MemberMetrics {
    private final Labels labels;
    private final Member member;
    private final MetricFamilies families;

    MemberMetrics(Labels pool, Member member, MetricFamilies families) {
        this.labels = pool.add("member", member.id().value());
        this.member = member;
        this.families = families;
    }

    void collect(boolean up) {
        families.gauge("myelin_member_up", "1 while the member takes new work.", up ? 1 : 0, labels);
        families.gauge("myelin_member_weight", "Effective weight.", member.weight(), labels);
        families.gauge(
                "myelin_member_in_flight",
                "Exchanges and tunnels in progress.",
                member.total(MemberCounter.IN_FLIGHT),
                labels);
        Slots slots = member.slots();
        if (slots != null && slots.limit() != Slots.UNLIMITED) {
            collectSlots(slots);
        }
        counter("requests", "Requests or tunnels given to the member, retries included.", MemberCounter.REQUESTS);
        counter("connections", "Connections established.", MemberCounter.CONNECTIONS);
        counter("connection_reuses", "Requests that travelled on a kept connection.", MemberCounter.REUSES);
        counter("connect_failures", "Connection attempts that failed.", MemberCounter.CONNECT_FAILURES);
        counter("failures", "Exchanges that failed after the connection stood.", MemberCounter.FAILURES);
        counter("sent_bytes", "Bytes sent to the member.", MemberCounter.BYTES_SENT);
        counter("received_bytes", "Bytes received from the member.", MemberCounter.BYTES_RECEIVED);
        response("1xx", MemberCounter.RESPONSES_1XX);
        response("2xx", MemberCounter.RESPONSES_2XX);
        response("3xx", MemberCounter.RESPONSES_3XX);
        response("4xx", MemberCounter.RESPONSES_4XX);
        response("5xx", MemberCounter.RESPONSES_5XX);
        families.summary(
                "myelin_member_latency_seconds",
                "Time from the request to the end of the member's response, or length of the tunnel.",
                SecondsBuckets.of(member.latency(), Scale.LATENCY),
                labels);
    }

    private void collectSlots(Slots slots) {
        families.gauge("myelin_member_max_connections", "How many may be in progress at once.", slots.limit(), labels);
        families.gauge(
                "myelin_member_slots_taken",
                "How many of those that may be in progress at once are.",
                slots.taken(),
                labels);
        families.gauge(
                "myelin_member_queue_length",
                "Requests and tunnels that wait for this member and no other.",
                slots.waiting(),
                labels);
    }

    private void counter(String noun, String help, MemberCounter counter) {
        families.counter("myelin_member_" + noun + "_total", help, member.total(counter), labels);
    }

    private void response(String codes, MemberCounter counter) {
        families.counter(
                "myelin_member_responses_total",
                "Responses received from the member, by class of status code.",
                member.total(counter),
                labels.add("code", codes));
    }
}

package io.myelin.admin;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;

import java.util.List;
import java.util.TreeMap;

/** The metrics of the replicas that this process runs. */
final class ReplicaMetrics {
    static final List<Family<ReplicaCounts>> FAMILIES = List.of(
            gauge(
                    "myelin_replicas_desired",
                    "Replicas that there should be.",
                    (seen, text) -> text.label("service", seen.service()).value(seen.desired())),
            gauge(
                    "myelin_replicas",
                    "Replicas by the state they are in.",
                    (seen, text) -> new TreeMap<>(seen.states())
                            .forEach((state, count) -> text.label("service", seen.service())
                                    .label("state", state)
                                    .value((long) count))),
            counter(
                    "myelin_replica_restarts_total",
                    "Replicas that were started again.",
                    (seen, text) -> text.label("service", seen.service()).value(seen.restarts())),
            gauge(
                    "myelin_replicas_given_up",
                    "1 while a replica is not started any more, because it ended too often.",
                    (seen, text) -> text.label("service", seen.service()).value(seen.givenUp() ? 1 : 0)));

    /** Of the directory in which replicas are written down. */
    static final List<Family<ReplicaOrders>> STORE = List.of(counter(
            "myelin_replica_store_failures_total",
            "Failures to write down which replicas run, for a start that follows a crash.",
            (seen, text) -> text.value(seen.storeFailures())));

    private ReplicaMetrics() {}
}

package io.myelin.http;

import io.myelin.metrics.Counters;

/** Counts the rules that peers break on one event loop. Written by that loop only. */
public final class Violations {
    private final ViolationReports reports;
    private final Counters<Violation> requests = new Counters<>(Violation.class);
    private final Counters<Violation> responses = new Counters<>(Violation.class);

    Violations(ViolationReports reports) {
        this.reports = reports;
    }

    /** A client of {@code listener} broke a rule. */
    void onRequest(String listener, Object client, Violation rule) {
        requests.increment(rule);
        reports.report(listener, true, client, rule);
    }

    /** A member broke a rule in its answer to a request of {@code listener}. */
    void onResponse(String listener, Object member, Violation rule) {
        responses.increment(rule);
        reports.report(listener, false, member, rule);
    }

    /** Returns how many requests broke {@code rule}; any thread. */
    public long requests(Violation rule) {
        return requests.read(rule);
    }

    /** Returns how many responses broke {@code rule}; any thread. */
    public long responses(Violation rule) {
        return responses.read(rule);
    }
}

package io.myelin.synse;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what comes and goes over WebSockets, by event. Any thread. */
final class SocketCounts {
    /** The event of requests that nothing answers. */
    static final String UNKNOWN = "unknown";

    private final AtomicInteger sessions = new AtomicInteger();
    private final Map<String, Tally> requests = new ConcurrentHashMap<>();
    private final Map<String, Tally> responses = new ConcurrentHashMap<>();
    private final LongAdder errors = new LongAdder();

    void began() {
        sessions.incrementAndGet();
    }

    void ended() {
        sessions.decrementAndGet();
    }

    Tally request(String event) {
        return requests.computeIfAbsent(event, name -> new Tally());
    }

    Tally response(String event) {
        return responses.computeIfAbsent(event, name -> new Tally());
    }

    void error() {
        errors.increment();
    }

    int sessions() {
        return sessions.get();
    }

    Map<String, Tally> requests() {
        return requests;
    }

    Map<String, Tally> responses() {
        return responses;
    }

    long errors() {
        return errors.sum();
    }
}

package io.myelin.http;

import io.myelin.model.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people which rules peers break: for each listener, side and rule at most once in ten seconds, whatever comes
 * in. Safe from any thread.
 */
public final class ViolationReports {
    private static final Logger log = LoggerFactory.getLogger(ViolationReports.class);
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final Clock clock;
    private final Map<Subject, Gate> gates = new ConcurrentHashMap<>();

    public ViolationReports(Clock clock) {
        this.clock = clock;
    }

    /** What one line in ten seconds is about. */
    private record Subject(String listener, boolean request, Violation rule) {}

    /** When the last line was written, and how many have not been since. */
    private record Gate(AtomicLong lastNanos, AtomicLong unreported) {}

    /**
     * Reports a broken rule, unless one like it was reported a moment ago.
     *
     * @param peer who broke it
     */
    void report(String listener, boolean request, Object peer, Violation rule) {
        long now = clock.nanoTime();
        Subject subject = new Subject(listener, request, rule);
        Gate gate =
                gates.computeIfAbsent(subject, any -> new Gate(new AtomicLong(now - PAUSE_NANOS), new AtomicLong()));
        long last = gate.lastNanos.get();
        if (now - last < PAUSE_NANOS || !gate.lastNanos.compareAndSet(last, now)) {
            gate.unreported.incrementAndGet();
            return;
        }
        log.info(
                "Refused a {}: listener={} peer={} rule={} clause=\"{}\" unreported={}",
                request ? "request" : "response",
                listener,
                peer,
                rule.label(),
                rule.clause(),
                gate.unreported.getAndSet(0));
    }
}

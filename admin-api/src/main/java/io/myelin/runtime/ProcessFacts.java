package io.myelin.runtime;

import io.myelin.model.Clock;
import java.lang.management.ManagementFactory;

/**
 * What does not change while the process runs.
 *
 * @param loops how many event loops carry traffic
 * @param startMillis wall clock at its start
 */
public record ProcessFacts(int loops, Clock clock, long startMillis) {
    /** Returns the facts of a process that starts now. */
    public static ProcessFacts of(int loops, Clock clock) {
        return new ProcessFacts(loops, clock, clock.wallMillis());
    }

    long pid() {
        return ProcessHandle.current().pid();
    }

    long uptimeSeconds() {
        return Math.max(0, clock.wallMillis() - startMillis) / 1_000;
    }

    long usedMegabytes() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }
}

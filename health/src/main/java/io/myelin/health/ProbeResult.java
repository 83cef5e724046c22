package io.myelin.health;

import java.util.concurrent.TimeUnit;

/**
 * A finding and the time it took.
 *
 * @param finding what was observed
 * @param nanos from the start of the connection to the finding
 */
public record ProbeResult(Finding finding, long nanos) {
    /** Returns the observation in one line, for people. */
    public String reason() {
        return finding.status().timed() ? finding.text() + " in " + millis() + " ms" : finding.text();
    }

    /** Returns the same time in milliseconds. */
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}

package io.myelin.health;

import java.util.concurrent.TimeUnit;

/**
 * A finding and the time it took.
 *
 * @param finding what was observed
 * @param nanos from the start of the connection to the finding
 */
record ProbeResult(Finding finding, long nanos) {
    /** Returns the observation in one line, for people. */
    String reason() {
        return finding.status().timed() ? finding.text() + " in " + millis() + " ms" : finding.text();
    }

    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}

package io.myelin.health.lifecycle;

import java.time.Duration;

/**
 * How soon a restart hook may be called again for one instance: at once the first time, and then after waits that
 * double, until the instance has been ready for a while.
 *
 * @param pause after the next call, more than 0
 * @param nextNanos monotonic time of the next call that may be made, if {@code called}
 * @param readyNanos monotonic time since which it has been ready, if {@code ready}
 * @param called whether there was a call
 * @param ready whether it is ready
 */
record HookPace(Duration pause, long nextNanos, long readyNanos, boolean called, boolean ready) {
    static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    static final Duration STABLE_AFTER = Duration.ofMinutes(10);

    /** No call yet. */
    static final HookPace START = new HookPace(FIRST_WAIT, 0, 0, false, false);

    /** Returns whether a call may be made now. */
    boolean admits(long nowNanos) {
        return !called || stable(nowNanos) || nowNanos - nextNanos >= 0;
    }

    /** Returns the pace after a call. */
    HookPace afterCall(long nowNanos) {
        Duration now = stable(nowNanos) ? FIRST_WAIT : pause;
        Duration doubled = now.multipliedBy(2);
        return new HookPace(
                doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT, nowNanos + now.toNanos(), 0, true, false);
    }

    HookPace onReady(long nowNanos) {
        return ready ? this : new HookPace(pause, nextNanos, nowNanos, called, true);
    }

    private boolean stable(long nowNanos) {
        return ready && nowNanos - readyNanos >= STABLE_AFTER.toNanos();
    }
}

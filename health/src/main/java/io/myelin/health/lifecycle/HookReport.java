package io.myelin.health.lifecycle;

/**
 * What became of the calls of a restart hook for one instance.
 *
 * @param service whose instance it is
 * @param instance its name
 * @param calls how often the hook was called
 * @param failures how many of those calls failed
 * @param skipped how often it was not called because the last call was too recent
 * @param result what the last call that is over came to, for people; empty if none is
 * @param atMillis wall clock at the last call
 * @param nextMillis wall clock before which it is not called again
 */
public record HookReport(
        String service,
        String instance,
        long calls,
        long failures,
        long skipped,
        String result,
        long atMillis,
        long nextMillis) {}

package io.myelin.config.reader;

import io.myelin.config.AnnounceConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What all announcements begin with.
 *
 * @param instanceId what the instances of this host are called, {@code null} if nothing says so
 * @param host the address at which other hosts reach this one, {@code null} if nothing says so
 * @param withdrawWait how long the process serves on after a withdrawal
 * @param alarmAfter failed attempts in a row after which operators are told
 */
record AnnounceDefaults(
        @Nullable String instanceId, @Nullable String host, Duration withdrawWait, int alarmAfter) {
    /**
     * Returns what the top-level section says.
     *
     * @param commanded the instance id that the command line gives, which counts more; {@code null} for none
     */
    static AnnounceDefaults read(@Nullable Section announce, @Nullable String commanded) {
        if (announce == null) {
            return new AnnounceDefaults(
                    commanded, null, AnnounceConfig.DEFAULT_WITHDRAW_WAIT, AnnounceConfig.DEFAULT_ALARM_AFTER);
        }
        announce.allow(AnnounceKeys.TOP);
        String written = announce.text("instance_id", "[^/\\s]+", "a text without spaces and /");
        return new AnnounceDefaults(
                commanded == null ? written : commanded,
                announce.text("host"),
                announce.duration("withdraw_wait", AnnounceConfig.DEFAULT_WITHDRAW_WAIT),
                announce.number("alarm_after", 1, 1_000_000, AnnounceConfig.DEFAULT_ALARM_AFTER));
    }

    AnnounceDefaults withAlarmAfter(@Nullable Integer failures) {
        return failures == null ? this : new AnnounceDefaults(instanceId, host, withdrawWait, failures);
    }
}

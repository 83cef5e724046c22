package io.myelin.config;

import io.myelin.discovery.announce.RateLimit;
import io.myelin.discovery.announce.ReporterConfig;
import io.myelin.health.LocalCheck;
import io.myelin.model.Endpoint;
import java.time.Duration;
import java.util.List;

/**
 * One instance of this host that is announced while it works.
 *
 * @param name unique among what is announced; that of the service
 * @param endpoint what is announced; its name is the instance id
 * @param reporter where and how
 * @param checks all of which must pass; without any the instance is always announced
 * @param interval from the end of one round of checks to the next
 * @param limit how often it may come and go
 * @param alarmAfter failed attempts at the registry in a row after which operators are told
 * @param withdrawWait how long the process goes on serving after the withdrawal, so that others move away
 */
public record AnnounceConfig(
        String name,
        Endpoint endpoint,
        ReporterConfig reporter,
        List<LocalCheck> checks,
        Duration interval,
        RateLimit limit,
        int alarmAfter,
        Duration withdrawWait) {
    /** Nerve's pause between two rounds of checks. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(500);
    /** Nerve's {@code max_repeated_report_failures}. */
    public static final int DEFAULT_ALARM_AFTER = 10;
    /** Long enough for a Synapse, which applies changes once a second, and for Myelins many times over. */
    public static final Duration DEFAULT_WITHDRAW_WAIT = Duration.ofSeconds(2);

    public AnnounceConfig {
        checks = List.copyOf(checks);
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("check_interval: " + interval + " (expected: more than 0)");
        }
    }

    /** Returns whether {@code other} announces the same address under the same id at the same place. */
    public boolean sameRegistration(AnnounceConfig other) {
        return reporter.equals(other.reporter) && endpoint.id().equals(other.endpoint.id());
    }

    /** Returns the same under another name. */
    public AnnounceConfig named(String other) {
        return new AnnounceConfig(other, endpoint, reporter, checks, interval, limit, alarmAfter, withdrawWait);
    }
}

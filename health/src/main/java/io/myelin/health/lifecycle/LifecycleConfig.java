package io.myelin.health.lifecycle;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an instance becomes ready and what happens when it is no more.
 *
 * @param liveness whose failure has the instance restarted, {@code null} for none
 * @param readiness whose failure takes traffic away, {@code null} for none
 * @param demotion what becomes of connections to an instance that is ready no more
 * @param drainLimit how long those may go on with {@link Demotion#DRAIN}
 * @param restartHook what is called when the liveness of an instance that is not ours fails, {@code null} for nothing
 */
public record LifecycleConfig(
        @Nullable ProbeConfig liveness,
        @Nullable ProbeConfig readiness,
        Demotion demotion,
        Duration drainLimit,
        @Nullable RestartHook restartHook) {
    /** How long connections of an instance that is ready no more may go on. */
    public static final Duration DEFAULT_DRAIN_LIMIT = Duration.ofSeconds(10);

    /** Without probes: ready as soon as it runs. */
    public static final LifecycleConfig NONE =
            new LifecycleConfig(null, null, Demotion.DRAIN, DEFAULT_DRAIN_LIMIT, null);

    /** What becomes of connections to an instance that is ready no more. */
    public enum Demotion {
        /** Requests finish, and connections are cut at the limit. */
        DRAIN,
        /** Connections are cut at once, as by Tye. */
        CUT
    }

    /** What restarts an instance that is not ours. */
    public sealed interface RestartHook {}

    /**
     * A program on this host, which gets the instance's name and address in its environment.
     *
     * @param words the program and its arguments
     */
    public record CommandHook(List<String> words) implements RestartHook {
        public CommandHook {
            words = List.copyOf(words);
        }
    }

    /**
     * A POST with the instance's name and address as JSON.
     *
     * @param url an http or https URL
     */
    public record HttpHook(String url) implements RestartHook {}

    /** Returns whether there is anything to probe. */
    public boolean probes() {
        return liveness != null || readiness != null;
    }
}

package io.myelin.health;

import io.myelin.model.HealthVerdict.State;
import io.myelin.model.RandomSource;
import java.time.Duration;

/**
 * When the next check of an endpoint is due.
 *
 * <p>A new endpoint waits a random part of an interval, and every later interval differs by up to the configured part
 * either way, so that the checks of many endpoints, by many proxies, spread over time and stay spread.
 *
 * @param config the intervals
 * @param random decides where inside its bounds each wait falls
 */
record CheckSchedule(CheckConfig config, RandomSource random) {
    private static final int STEPS = 1 << 20;

    /** Returns the wait before the first check of an endpoint, or the first under a new configuration. */
    long firstDelayNanos() {
        return (long) (nanos(config.fastInterval()) * fraction());
    }

    /** Returns the wait from the end of one check to the start of the next. */
    long nextDelayNanos(HealthMachine machine) {
        double spread = config.spreadPercent() / 100.0;
        return (long) (nanos(interval(machine)) * (1 - spread + 2 * spread * fraction()));
    }

    private Duration interval(HealthMachine machine) {
        if (machine.inTransition()) {
            return config.fastInterval();
        }
        return machine.state() == State.FAILING ? config.downInterval() : config.interval();
    }

    /** Returns a number from 0 to less than 1. */
    private double fraction() {
        return (double) random.below(STEPS) / STEPS;
    }

    private static double nanos(Duration duration) {
        return duration.getSeconds() * 1e9 + duration.getNano();
    }
}

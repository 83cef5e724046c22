package io.myelin.model;

import java.util.concurrent.ThreadLocalRandom;

/** The only source of chance, replaceable in tests. Safe from any thread. */
@FunctionalInterface
public interface RandomSource {
    RandomSource SYSTEM = bound -> ThreadLocalRandom.current().nextInt(bound);

    /** Returns a number from 0 to {@code bound - 1}; {@code bound} is at least 1. */
    int below(int bound);
}

package io.myelin.health.replica;

import io.myelin.model.RandomSource;

/** Invents the names of replicas: {@code <service>_<8 hex>-<1 hex>}, as Tye does. */
final class ReplicaNames {
    private static final int HALF = 0x10000;

    private final RandomSource random;

    ReplicaNames(RandomSource random) {
        this.random = random;
    }

    String next(String service) {
        return String.format("%s_%04x%04x-%x", service, random.below(HALF), random.below(HALF), random.below(16));
    }
}

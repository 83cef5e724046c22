package io.myelin.pool;

import io.myelin.balance.KeyHash;
import io.myelin.model.Endpoint;
import java.util.Comparator;
import java.util.List;

/**
 * In which order the members of a pool stand, and which numbers they bear.
 *
 * <p>The order is that in which members take turns, and in which policies that prefer the first one prefer them.
 *
 * @param order by what they are put in order
 * @param seed what {@link Order#SHUFFLED} depends on beside their names: the same seed is the same order everywhere
 * @param maxNumber the largest number that is given, 0 to give none
 */
public record Lineup(Order order, int seed, int maxNumber) {
    /** Synapse's {@code backend_order}. */
    public enum Order {
        /** As the source has them. */
        AS_DELIVERED,
        /** By their names, {@code name_host:port}. */
        ASCENDING,
        DESCENDING,
        /**
         * By chance, so that not every host prefers the same member; one that comes or goes does not move the others.
         */
        SHUFFLED
    }

    /** The largest number that HAProxy takes without a word in its place. */
    public static final int DEFAULT_MAX_NUMBER = 65_535;

    public static final Lineup DEFAULT = new Lineup(Order.AS_DELIVERED, 0, DEFAULT_MAX_NUMBER);

    public Lineup {
        if (maxNumber < 0) {
            throw new IllegalArgumentException("max_server_id: " + maxNumber + " (expected: >= 0)");
        }
    }

    /** Returns {@code endpoints} in order. */
    List<Endpoint> arrange(List<Endpoint> endpoints) {
        Comparator<Endpoint> byName =
                Comparator.comparing(endpoint -> endpoint.id().value());
        return switch (order) {
            case AS_DELIVERED -> endpoints;
            case ASCENDING -> endpoints.stream().sorted(byName).toList();
            case DESCENDING -> endpoints.stream().sorted(byName.reversed()).toList();
            case SHUFFLED ->
                endpoints.stream()
                        .sorted(Comparator.comparingInt(this::place).thenComparing(byName))
                        .toList();
        };
    }

    private int place(Endpoint endpoint) {
        return KeyHash.of(seed + " " + endpoint.id().value());
    }
}

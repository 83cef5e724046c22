package io.myelin.balance;

import io.myelin.model.RandomSource;

/**
 * How a pool chooses a member.
 *
 * @param policy the rule
 * @param draws how many members {@link Policy#RANDOM} compares, 1..100
 */
public record BalanceConfig(Policy policy, int draws) {
    /** In turn, by weight. */
    public static final BalanceConfig ROUND_ROBIN = new BalanceConfig(Policy.ROUND_ROBIN, 2);

    /** The rules; names in configuration are HAProxy's. */
    public enum Policy {
        /** {@code roundrobin}: in turn, by weight. */
        ROUND_ROBIN,
        /** {@code leastconn}: the fewest exchanges in flight for its weight, in turn among equals. */
        LEAST_REQUEST,
        /** {@code random}: the least loaded of a few drawn by weight. */
        RANDOM
    }

    public BalanceConfig {
        if (draws < 1 || draws > 100) {
            throw new IllegalArgumentException("draws: " + draws + " (expected: 1..100)");
        }
    }

    /** Returns a new balancer for one pool. */
    public Balancer newBalancer(RandomSource random) {
        return switch (policy) {
            case ROUND_ROBIN -> new RoundRobin(random);
            case LEAST_REQUEST -> new LeastRequest(random);
            case RANDOM -> new RandomChoices(draws, random);
        };
    }
}

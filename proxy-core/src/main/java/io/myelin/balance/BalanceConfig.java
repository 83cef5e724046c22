package io.myelin.balance;

import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import org.jspecify.annotations.Nullable;

/**
 * How a pool chooses a member.
 *
 * @param policy the rule
 * @param draws how many members {@link Policy#RANDOM} compares, 1..100
 * @param hash what {@link Policy#HASH} goes by
 */
public record BalanceConfig(Policy policy, int draws, HashConfig hash) {
    /** In turn, by weight. */
    public static final BalanceConfig ROUND_ROBIN = new BalanceConfig(Policy.ROUND_ROBIN, 2);

    /** The rules; names in configuration are HAProxy's. */
    public enum Policy {
        /** {@code roundrobin}: in turn, by weight. */
        ROUND_ROBIN,
        /** {@code static-rr}: the same turns; in HAProxy, those that ignore changes of weight. */
        STATIC_ROUND_ROBIN,
        /** {@code leastconn}: the fewest exchanges in flight for its weight, in turn among equals. */
        LEAST_REQUEST,
        /** {@code random}: the least loaded of a few drawn by weight. */
        RANDOM,
        /** {@code first}: the first eligible member, so that the last ones may rest. */
        FIRST,
        /**
         * {@code source}, {@code uri}, {@code hdr}, {@code url_param}: the member that the request's key belongs to.
         */
        HASH,
        /** The one of two drawn by weight that promises the quicker answer, by its recent latency and load. */
        PEAK_EWMA
    }

    public BalanceConfig {
        if (draws < 1 || draws > 100) {
            throw new IllegalArgumentException("draws: " + draws + " (expected: 1..100)");
        }
    }

    /** Creates the configuration of a policy that goes by no key, or by the client's address. */
    public BalanceConfig(Policy policy, int draws) {
        this(policy, draws, HashConfig.DEFAULT);
    }

    /** Returns the configuration of {@link Policy#HASH}. */
    public static BalanceConfig byHash(HashConfig hash) {
        return new BalanceConfig(Policy.HASH, 2, hash);
    }

    /** Returns what makes requests go to the same member, {@code null} if nothing does. */
    public @Nullable HashConfig key() {
        return policy == Policy.HASH ? hash : null;
    }

    /** Returns a new balancer for one pool. */
    public Balancer newBalancer(RandomSource random, Clock clock) {
        return switch (policy) {
            case ROUND_ROBIN, STATIC_ROUND_ROBIN -> new RoundRobin(random);
            case LEAST_REQUEST -> new LeastRequest(random);
            case RANDOM -> new RandomChoices(draws, random);
            case FIRST -> new First();
            case HASH -> new ByKey(hash, new RoundRobin(random));
            case PEAK_EWMA -> new PeakEwma(random, clock);
        };
    }
}

package io.myelin.pool;

import io.myelin.balance.BalanceConfig;

/**
 * Everything about one pool that configuration decides.
 *
 * @param name the service's name, unique in the process
 * @param balance how a member is chosen
 * @param membership which endpoints become members
 * @param allBackups whether all backups share the work when no primary is eligible, instead of the first one alone
 * @param upstream how members are talked to
 * @param admission when members take work
 */
public record PoolConfig(
        String name,
        BalanceConfig balance,
        MembershipRules membership,
        boolean allBackups,
        UpstreamConfig upstream,
        Admission admission) {
    public PoolConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("pool name is blank (expected: the service's name)");
        }
    }

    /** Creates the configuration of a pool whose members take their full share at once. */
    public PoolConfig(
            String name,
            BalanceConfig balance,
            MembershipRules membership,
            boolean allBackups,
            UpstreamConfig upstream) {
        this(name, balance, membership, allBackups, upstream, Admission.DEFAULT);
    }

    /** Returns a pool of that name with every default. */
    public static PoolConfig named(String name) {
        return new PoolConfig(name, BalanceConfig.ROUND_ROBIN, MembershipRules.DEFAULT, false, UpstreamConfig.DEFAULT);
    }
}

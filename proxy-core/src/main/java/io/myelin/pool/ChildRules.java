package io.myelin.pool;

import io.myelin.model.DeliveryRules;
import io.myelin.model.Endpoint;
import java.util.List;
import java.util.Map;

/**
 * What a pool makes of deliveries, for one of several sources of the pool.
 *
 * @param membership which endpoints there are
 * @param selection which of them are used
 */
public record ChildRules(MembershipRules membership, Selection selection) implements DeliveryRules {
    @Override
    public List<Endpoint> initial() {
        return selection.choose(membership.initial()).used();
    }

    @Override
    public List<Endpoint> fold(List<Endpoint> previous, List<Endpoint> delivered) {
        return selection.choose(membership.fold(previous, delivered)).used();
    }

    @Override
    public ChildRules resolved(Map<String, List<String>> addresses) {
        return new ChildRules(membership.resolved(addresses), selection);
    }
}

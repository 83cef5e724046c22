package io.myelin.pool;

import io.myelin.model.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Which endpoints of a pool are used, once the {@link MembershipRules} have said which there are: Synapse's label
 * filters and leader election.
 *
 * <p>Since it comes last, a pool all of whose endpoints it rejects is empty: neither defaults nor previous endpoints
 * stand in for them, and it rejects those as well.
 *
 * @param filters all of which an endpoint must pass
 * @param leaderOnly whether only the endpoint with the smallest number is used, provided that each has one
 */
public record Selection(List<LabelFilter> filters, boolean leaderOnly) {
    /** Every endpoint is used. */
    public static final Selection ALL = new Selection(List.of(), false);

    public Selection {
        filters = List.copyOf(filters);
    }

    /** What became of the endpoints of a pool. */
    record Choice(List<Endpoint> used, List<PassedOver> passedOver) {
        Choice {
            used = List.copyOf(used);
            passedOver = List.copyOf(passedOver);
        }
    }

    Choice choose(List<Endpoint> endpoints) {
        if (equals(ALL)) {
            return new Choice(endpoints, List.of());
        }
        List<Endpoint> admitted = new ArrayList<>();
        List<PassedOver> passedOver = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            String objection = objection(endpoint);
            if (objection.isEmpty()) {
                admitted.add(endpoint);
            } else {
                passedOver.add(new PassedOver(endpoint, objection));
            }
        }
        return leaderOnly && !admitted.isEmpty() ? elect(admitted, passedOver) : new Choice(admitted, passedOver);
    }

    private String objection(Endpoint endpoint) {
        for (LabelFilter filter : filters) {
            if (!filter.admits(endpoint)) {
                return filter.objection(endpoint);
            }
        }
        return "";
    }

    private static Choice elect(List<Endpoint> candidates, List<PassedOver> passedOver) {
        List<Endpoint> used = new ArrayList<>();
        String reason = candidates.stream()
                .filter(candidate -> candidate.sequence() == null)
                .findFirst()
                .map(candidate -> "there is no leader, because " + candidate.id() + " has no id")
                .orElse("");
        if (reason.isEmpty()) {
            Endpoint leader = candidates.stream()
                    .min(Comparator.comparing(candidate -> Objects.requireNonNull(candidate.sequence())))
                    .orElseThrow();
            used.add(leader);
            reason = "not the leader, which is " + leader.id();
        }
        for (Endpoint candidate : candidates) {
            if (!used.contains(candidate)) {
                passedOver.add(new PassedOver(candidate, reason));
            }
        }
        return new Choice(used, passedOver);
    }
}

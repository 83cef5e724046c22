package io.myelin.pool;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whom the members of one pool follow, and what they have from them. */
@OwnedBy(Owner.CONTROL)
final class Leaders {
    private final String pool;
    private final Map<EndpointId, Leader> leaders = new HashMap<>();
    private final Map<EndpointId, AdminState> inherited = new HashMap<>();

    /** A member of some pool. */
    private record Leader(String pool, EndpointId member) {
        @Override
        public String toString() {
            return pool + "/" + member;
        }
    }

    /** What a follower has from its leader. */
    record Example(AdminState adminState, HealthVerdict verdict) {}

    /**
     * Creates the leaders of nobody.
     *
     * @param pool the name of the followers' pool
     */
    Leaders(String pool) {
        this.pool = pool;
    }

    /** Forgets who follows whom, to be told anew by {@link #appoint}. */
    void dismiss() {
        leaders.clear();
    }

    /**
     * Has {@code follower} follow whom {@code track} says, {@code null} for nobody.
     *
     * @return the leader, for people; {@code null} for none
     */
    @Nullable
    String appoint(Endpoint follower, @Nullable Track track) {
        if (track == null) {
            inherited.remove(follower.id());
            return null;
        }
        Leader leader = new Leader(track.pool().isEmpty() ? pool : track.pool(), track.of(follower));
        leaders.put(follower.id(), leader);
        return leader.toString();
    }

    /** Returns the names of the pools that have a leader. */
    Set<String> pools() {
        if (leaders.isEmpty()) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        leaders.values().forEach(leader -> names.add(leader.pool()));
        return names;
    }

    Set<EndpointId> followers() {
        return Set.copyOf(leaders.keySet());
    }

    /** Returns the stricter of what is wanted of a member and what it has from its leader. */
    AdminState with(EndpointId follower, AdminState own) {
        AdminState fromLeader = inherited.getOrDefault(follower, AdminState.READY);
        return fromLeader.compareTo(own) > 0 ? fromLeader : own;
    }

    /** Returns how the leader of {@code follower} does, having taken its rest over. */
    Example example(EndpointId follower, Function<String, @Nullable Pool> pools) {
        Leader leader = leaders.get(follower);
        Pool its = leader == null ? null : pools.apply(leader.pool());
        Member member = leader == null || its == null ? null : its.member(leader.member());
        Example example = member == null
                ? new Example(
                        AdminState.READY,
                        new HealthVerdict(State.UNKNOWN, "follows " + leader + ", which is not there", 0))
                : new Example(member.adminState(), verdict(member.verdict(), "follows " + leader));
        inherited.put(follower, example.adminState());
        return example;
    }

    private static HealthVerdict verdict(HealthVerdict verdict, String whom) {
        return new HealthVerdict(verdict.state(), whom + ": " + verdict.reason(), verdict.sinceMillis());
    }
}

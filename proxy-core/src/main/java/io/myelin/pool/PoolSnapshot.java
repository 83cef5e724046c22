package io.myelin.pool;

import io.myelin.access.AccessRules;
import io.myelin.balance.HashConfig;
import io.myelin.balance.Member;
import io.myelin.balance.Picker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an event loop needs to serve one service, frozen at one moment.
 *
 * @param version increases by one with every published snapshot of the pool, from 1
 * @param cause what changed, for people
 * @param atMillis wall clock of the publication
 * @param members every known member, for the operator's view
 * @param passedOver the endpoints that did not become members, and why
 * @param eligible the members that {@code picker} chooses from
 * @param picker the chooser
 * @param upstream how members are talked to
 * @param hash what makes requests go to the same member, {@code null} if nothing does
 * @param access which clients are served, and after which delay; {@code null} for all of them at once
 * @param line where those wait whom no member has room for, {@code null} if every member takes whatever comes
 * @param encryption how connections to members are encrypted
 * @param sticky the members by the cookies that name them, {@code null} if clients do not stick to members
 */
public record PoolSnapshot(
        long version,
        String cause,
        long atMillis,
        List<Member> members,
        List<PassedOver> passedOver,
        List<Member> eligible,
        Picker picker,
        UpstreamConfig upstream,
        @Nullable HashConfig hash,
        @Nullable AccessRules access,
        @Nullable WaitingLine line,
        MemberEncryption encryption,
        @Nullable StickyMembers sticky) {
    public PoolSnapshot {
        members = List.copyOf(members);
        passedOver = List.copyOf(passedOver);
        eligible = List.copyOf(eligible);
    }
}

package io.myelin.pool;

import io.myelin.balance.Member;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The members whose work in progress is to end, because they went down or, being backups, because others came up. */
@OwnedBy(Owner.CONTROL)
final class Endings {
    private final Set<Member> due = new HashSet<>();
    /** When the grace of those that went down ends, on the clock that does not jump. */
    private final Map<Member, Long> graceEnds = new HashMap<>();

    private Consumer<Set<Member>> sink = members -> {};

    /** Has {@code newSink} end what members have in progress. */
    void endBy(Consumer<Set<Member>> newSink) {
        sink = newSink;
    }

    /**
     * A member went down.
     *
     * @param ofPool what becomes of work unless the member's own options say more
     */
    void onDown(Member member, Marking ofPool, long nowNanos) {
        Marking marking = OwnOptions.marking(member.endpoint().options(), ofPool);
        if (marking.endsSessions() && marking.grace().isZero()) {
            due.add(member);
        } else if (marking.endsSessions()) {
            graceEnds.put(member, nowNanos + marking.grace().toNanos());
        }
    }

    /**
     * A member came up.
     *
     * @param ofPool what becomes of work unless the member's own options say more
     * @param all the members of the pool
     */
    void onUp(Member member, Marking ofPool, Collection<Member> all) {
        graceEnds.remove(member);
        Marking marking = OwnOptions.marking(member.endpoint().options(), ofPool);
        if (marking.endsBackupSessions() && !member.backup() && member.eligible()) {
            all.stream().filter(Member::backup).forEach(due::add);
        }
    }

    /** Ends what went on for as long as it may. */
    void onTick(long nowNanos) {
        if (!graceEnds.isEmpty()) {
            graceEnds.forEach((member, endNanos) -> {
                if (nowNanos - endNanos >= 0) {
                    due.add(member);
                }
            });
            graceEnds.keySet().removeAll(due);
            settle();
        }
    }

    /** Ends what is to end, now that nobody gets anything new by what was true before. */
    void settle() {
        if (!due.isEmpty()) {
            Set<Member> ended = Set.copyOf(due);
            due.clear();
            sink.accept(ended);
        }
    }
}

package io.myelin.pool;

import io.myelin.balance.Member;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The members whose work in progress is to end, because they went down or, being backups, because others came up. */
@OwnedBy(Owner.CONTROL)
final class Endings {
    private final Set<Member> due = new HashSet<>();
    private Consumer<Set<Member>> sink = members -> {};

    /** Has {@code newSink} end what members have in progress. */
    void endBy(Consumer<Set<Member>> newSink) {
        sink = newSink;
    }

    void onDown(Member member, Marking marking) {
        if (marking.endsSessions()) {
            due.add(member);
        }
    }

    /** @param all the members of the pool */
    void onUp(Member member, Marking marking, Collection<Member> all) {
        if (marking.endsBackupSessions() && !member.backup() && member.eligible()) {
            all.stream().filter(Member::backup).forEach(due::add);
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

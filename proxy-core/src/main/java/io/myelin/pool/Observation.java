package io.myelin.pool;

import io.myelin.balance.ErrorWatch;
import io.myelin.balance.Member;
import io.myelin.model.ErrorSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Has the errors of a pool's members noticed, and tells whoever checks its endpoints of too many. */
@OwnedBy(Owner.CONTROL)
final class Observation {
    private final Executor control;
    private final int loops;
    private @Nullable ObserveConfig config;
    /** Whether any member ever had a watch. */
    private boolean used;

    private @Nullable ErrorSink sink;

    /**
     * @param control runs tasks on the control thread, in order
     * @param loops how many event loops use the members
     */
    Observation(Executor control, int loops) {
        this.control = control;
        this.loops = loops;
    }

    void tell(ErrorSink newSink) {
        sink = newSink;
    }

    /** Watches {@code members} as {@code newConfig} says, {@code null} for not at all. */
    void apply(@Nullable ObserveConfig newConfig, Collection<Member> members) {
        config = newConfig;
        for (Member member : members) {
            ObserveConfig wanted = OwnOptions.observe(member.endpoint().options(), newConfig);
            used |= wanted != null;
            if (used) {
                watch(member, wanted);
            }
        }
    }

    private void watch(Member member, @Nullable ObserveConfig wanted) {
        ErrorWatch current = member.errorWatch();
        if (wanted == null) {
            member.watch(null);
        } else if (current == null || !current.watches(wanted.level(), wanted.errorLimit())) {
            member.watch(new ErrorWatch(member, wanted.level(), wanted.errorLimit(), loops, this::onErrors));
        }
    }

    /** Called on event loops. */
    private void onErrors(Member member, int errors, String last) {
        control.execute(() -> {
            ErrorWatch watch = member.errorWatch();
            ObserveConfig observed = OwnOptions.observe(member.endpoint().options(), config);
            if (watch == null || observed == null || member.retired()) {
                return;
            }
            watch.startOver();
            ErrorSink told = sink;
            if (told != null) {
                String reason = errors + " errors in a row, the last: " + last;
                told.onErrors(member.id(), observed.reaction(), reason);
            }
        });
    }
}

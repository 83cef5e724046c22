package io.myelin.access;

import io.myelin.access.AccessRules.Verdict;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way of one connection or request through the rules of its listener and then of its service. */
@OwnedBy(Owner.EVENT_LOOP)
public final class Inspection {
    private final List<AccessRules> stages;
    private final @Nullable InetAddress client;
    private int stage;
    private boolean waited;

    /**
     * Begins an inspection.
     *
     * @param client {@code null} for one that has no IP address
     */
    public Inspection(List<AccessRules> stages, @Nullable InetAddress client) {
        this.stages = stages;
        this.client = client;
    }

    /**
     * Asks on until a verdict is reached. After {@link Verdict#WAIT}, whoever asks calls again when {@link #waitNanos}
     * have passed, and not before.
     */
    public Verdict proceed() {
        while (stage < stages.size()) {
            Verdict verdict = stages.get(stage).judge(client, waited);
            waited = verdict == Verdict.WAIT;
            if (verdict != Verdict.ACCEPT) {
                return verdict;
            }
            stage++;
        }
        return Verdict.ACCEPT;
    }

    /** Returns how long to wait before {@link #proceed} is called again. */
    public long waitNanos() {
        return stages.get(stage).delay().toNanos();
    }
}

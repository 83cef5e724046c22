package io.myelin.pool;

import io.myelin.balance.Member;
import io.myelin.model.EndpointId;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** The members of a pool that do not take their full share yet, and since when they take any. */
@OwnedBy(Owner.CONTROL)
final class SlowStarts {
    private final Map<EndpointId, Long> startedAtNanos = new HashMap<>();

    /** Lets a member start over, with the least share. */
    void begin(EndpointId endpoint, long nowNanos) {
        startedAtNanos.put(endpoint, nowNanos);
    }

    /**
     * Gives {@code members} the shares of now, forgets those that have started, and returns whether any share changed.
     */
    boolean apply(Map<EndpointId, Member> members, Admission admission, long nowNanos) {
        boolean changed = false;
        Iterator<Map.Entry<EndpointId, Long>> starts = startedAtNanos.entrySet().iterator();
        while (starts.hasNext()) {
            Map.Entry<EndpointId, Long> start = starts.next();
            Member member = members.get(start.getKey());
            int percent = admission.percentAfter(nowNanos - start.getValue());
            if (member == null || percent == 100) {
                starts.remove();
            }
            if (member != null && member.startPercent() != percent) {
                member.start(percent);
                changed = true;
            }
        }
        return changed;
    }
}

package io.myelin.admin;

import io.myelin.model.SourceStatus;
import java.util.List;

/** How a service does as a whole. */
enum ServiceState {
    UP,
    /** It serves, though with failing members, from a stale source, without one of its listeners or with problems. */
    DEGRADED,
    /** No member takes new work. */
    DOWN,
    /** Its source has not been read yet and there is nothing to serve. */
    STARTING,
    /** Its configuration cannot be served. */
    BROKEN;

    static ServiceState of(PoolReading reading, List<ListenerView> listeners, List<String> problems) {
        SourceStatus source = reading.source();
        if (reading.snapshot().eligible().isEmpty()) {
            if (source == null && reading.standings().isEmpty() && !problems.isEmpty()) {
                return BROKEN;
            }
            boolean unread = source != null && source.state() == SourceStatus.State.STARTING;
            return unread && reading.standings().isEmpty() ? STARTING : DOWN;
        }
        boolean stale = source != null && source.state() == SourceStatus.State.STALE;
        boolean sound = !stale
                && problems.isEmpty()
                && reading.count(MemberState.DOWN) == 0
                && listeners.stream().allMatch(ListenerView::listening);
        return sound ? UP : DEGRADED;
    }
}

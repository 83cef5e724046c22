package io.myelin.discovery;

import io.myelin.model.Clock;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.SourceStatus;
import io.myelin.model.SourceStatus.State;

/** Tells a sink whether its source is live, once per change. */
@OwnedBy(Owner.REGISTRY)
public final class SourceReport {
    private final String source;
    private final EndpointSink sink;
    private final Clock clock;
    private State state = State.STARTING;
    private long sinceMillis;
    private long syncedMillis;
    private String error = "";

    /** Creates a report about {@code source}, which is text for people. */
    public SourceReport(String source, EndpointSink sink, Clock clock) {
        this.source = source;
        this.sink = sink;
        this.clock = clock;
    }

    /** Says that nothing has been read yet. */
    public void starting() {
        enter(State.STARTING, "", clock.wallMillis());
    }

    /** Says that a complete read has just ended. */
    public void synced() {
        syncedMillis = clock.wallMillis();
        if (state != State.LIVE) {
            enter(State.LIVE, "", syncedMillis);
        }
    }

    /** Says that the source cannot be asked; a source that was never read is still starting. */
    public void lost(String reason) {
        if (state == State.LIVE) {
            enter(State.STALE, reason, clock.wallMillis());
        } else if (!error.equals(reason)) {
            error = reason;
            send();
        }
    }

    private void enter(State next, String reason, long nowMillis) {
        state = next;
        sinceMillis = nowMillis;
        error = reason;
        send();
    }

    private void send() {
        sink.status(new SourceStatus(source, state, sinceMillis, syncedMillis, error));
    }
}

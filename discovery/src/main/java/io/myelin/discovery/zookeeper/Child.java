package io.myelin.discovery.zookeeper;

import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.jspecify.annotations.Nullable;

/** What a watcher knows about one child of the znode it follows. */
@OwnedBy(Owner.REGISTRY)
final class Child {
    private static final long NEVER = -1;
    private static final long LATER_THAN_ANY = Long.MAX_VALUE;

    private final String name;
    private final ChildName meaning;
    private @Nullable Endpoint endpoint;
    private boolean encoded;
    private boolean reading;
    private boolean malformed;
    private long readZxid = NEVER;
    private long wantedZxid = NEVER;

    Child(String name) {
        this.name = name;
        this.meaning = ChildName.parse(name);
    }

    String name() {
        return name;
    }

    ChildName meaning() {
        return meaning;
    }

    /** Returns the endpoint, {@code null} as long as none is known. */
    @Nullable
    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether the name alone says everything, so that the data is never read. */
    boolean encoded() {
        return encoded;
    }

    boolean reading() {
        return reading;
    }

    boolean everRead() {
        return readZxid != NEVER;
    }

    void describeByName(Endpoint described) {
        encoded = true;
        endpoint = described;
    }

    void describe(@Nullable Endpoint described) {
        endpoint = described;
    }

    /** Returns whether this is the first time that the child turns out to hold no endpoint. */
    boolean markMalformed() {
        boolean first = !malformed;
        malformed = true;
        return first;
    }

    void beginRead() {
        reading = true;
        wantedZxid = NEVER;
    }

    /** Records that data as of {@code zxid} has arrived; returns whether it has changed again since. */
    boolean endRead(long zxid) {
        reading = false;
        readZxid = zxid;
        return wantedZxid > zxid;
    }

    /** Forgets a read whose end will not be heard of. */
    void abandonRead() {
        reading = false;
        wantedZxid = NEVER;
    }

    /** Returns whether the data must be read now, because it changed at {@code zxid}; negative if that is unknown. */
    boolean changedAt(long zxid) {
        if (encoded) {
            return false;
        }
        if (reading) {
            wantedZxid = zxid < 0 ? LATER_THAN_ANY : Math.max(wantedZxid, zxid);
            return false;
        }
        return zxid < 0 || readZxid < zxid;
    }

    /** Returns whether the data read last is not the data as of {@code zxid}. */
    boolean differsFrom(long zxid) {
        return !encoded && !reading && readZxid != zxid;
    }
}

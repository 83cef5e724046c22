package io.myelin.benchmarks.load;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;

/** A reply of a length known beforehand. */
@OwnedBy(Owner.EVENT_LOOP)
final class FixedReply implements Reply {
    private final int replyBytes;
    private int missingBytes;

    FixedReply(int replyBytes) {
        this.replyBytes = replyBytes;
        this.missingBytes = replyBytes;
    }

    @Override
    public boolean consume(ByteBuf bytes) {
        missingBytes -= bytes.readableBytes();
        bytes.skipBytes(bytes.readableBytes());
        if (missingBytes > 0) {
            return false;
        }
        missingBytes = replyBytes;
        return true;
    }

    @Override
    public boolean successful() {
        return true;
    }
}

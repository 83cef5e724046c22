package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Copies a short body behind its head, into the same buffer. Reused, so that a message allocates no sink. */
@OwnedBy(Owner.EVENT_LOOP)
final class ShortBody implements BodySink {
    private @Nullable ByteBuf out;

    /**
     * Appends to {@code target} what belongs to the body of {@code rest}, with its coding; both are borrowed. What is
     * broken about the body stays in the rest, and is found again by whoever reads on.
     */
    void append(BodyReader body, ByteBuf rest, ByteBuf target) {
        out = target;
        body.read(rest, true, this);
        out = null;
    }

    @Override
    public void body(ByteBuf source, int index, int length) {
        ByteBuf target = out;
        if (target == null) {
            throw new IllegalStateException("no body is being copied");
        }
        target.writeBytes(source, index, length);
    }
}

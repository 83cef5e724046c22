package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a member has been sent of one request, kept so that another connection can be sent the same. Reused from request
 * to request.
 *
 * <p>Nothing is copied: the buffers that went out are held a moment longer. What does not fit is not kept in part.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class ReplayBuffer {
    /** A body in more pieces than this is not kept: each may hold the whole buffer that it was read into. */
    static final int MOST_PIECES = 64;

    private final List<ByteBuf> pieces = new ArrayList<>(0);
    private @Nullable ByteBuf head;
    private int room;

    /**
     * Starts over with another request, of which nothing was sent.
     *
     * @param newHead taken over
     * @param bodyBytes how much body is kept besides what is in the head's buffer
     */
    void begin(ByteBuf newHead, int bodyBytes) {
        release();
        head = newHead;
        room = bodyBytes;
    }

    /** Returns whether everything that was sent is here. */
    boolean complete() {
        return head != null;
    }

    /** Returns whether the head, or part of it, has gone to the kernel by a write that ended before all of it had. */
    boolean headTouched() {
        ByteBuf first = head;
        return first != null && first.readerIndex() > 0;
    }

    /** Writes what was kept, from its beginning; returns how many bytes that is. */
    int writeTo(MemberConnection connection) {
        ByteBuf first = head;
        if (first == null) {
            throw new IllegalStateException("nothing was kept");
        }
        int bytes = first.readerIndex(0).readableBytes();
        connection.write(first.retain());
        for (int i = 0; i < pieces.size(); i++) {
            bytes += pieces.get(i).readableBytes();
            connection.write(pieces.get(i).retainedDuplicate());
        }
        return bytes;
    }

    /** Keeps a piece of body, which it borrows, or lets go of everything if there is no room for it. */
    void add(ByteBuf piece) {
        if (head == null) {
            return;
        }
        room -= piece.readableBytes();
        if (room < 0 || pieces.size() == MOST_PIECES) {
            release();
        } else {
            pieces.add(piece.retainedDuplicate());
        }
    }

    /** Lets go of what was kept: it will not be sent again. */
    void release() {
        ByteBuf first = head;
        if (first == null) {
            return;
        }
        head = null;
        first.release();
        for (int i = 0; i < pieces.size(); i++) {
            pieces.get(i).release();
        }
        pieces.clear();
    }
}

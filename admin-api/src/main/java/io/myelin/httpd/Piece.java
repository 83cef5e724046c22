package io.myelin.httpd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * As much of a body as is sent at once.
 *
 * @param text owned by whoever made it
 * @param more whether there may be another one behind it
 */
record Piece(ByteBuf text, boolean more) {
    /** As much as a client takes at once, and makes the loop's others wait a fraction of a millisecond. */
    static final int BYTES = 16_384;
    /** With room for what the last line of a piece has too many. */
    private static final int ROOM_BYTES = BYTES + BYTES / 4;

    /** Where a thread makes its pieces: lines are short, and short writes are cheap in the heap only. */
    private static final FastThreadLocal<ByteBuf> WORKPLACE = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.buffer(ROOM_BYTES);
        }
    };

    /** Makes the next piece of {@code body}; the thread makes no other one meanwhile. */
    static Piece next(Body body, ByteBufAllocator allocator) {
        ByteBuf made = WORKPLACE.get().clear();
        boolean more = true;
        while (more && made.readableBytes() < BYTES) {
            more = body.writeNext(made);
        }
        if (made.capacity() > 2 * ROOM_BYTES) {
            WORKPLACE.remove();
        }
        return new Piece(allocator.ioBuffer(Math.max(1, made.readableBytes())).writeBytes(made), more);
    }
}

package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The scratch space into which one event loop copies a head to parse it. */
@OwnedBy(Owner.EVENT_LOOP)
final class HeadBytes {
    /*
     * Parsing works on a plain array, where the compiler removes most bounds checks, and copying a typical head there
     * costs less than reading it in place through the buffer's accessors. A large body behind a head is not copied
     * along: the first pass takes two kilobytes, and only a head that does not end within them is copied further.
     */
    private static final int FIRST_PASS = 2_048;

    private byte[] bytes = new byte[4 * FIRST_PASS];

    /** Whatever understands the beginning of a message. */
    @FunctionalInterface
    interface Parser {
        /** Returns the length of the head at the beginning of {@code source}, or a constant of {@link Fields}. */
        int parse(byte[] source, int length);
    }

    /**
     * Parses the head at the beginning of {@code in}, which stays unread.
     *
     * @param limit how many bytes the head may have
     * @return what {@code parser} returned last
     */
    int parse(ByteBuf in, int limit, Parser parser) {
        int available = Math.min(in.readableBytes(), limit);
        int copied = 0;
        int next = Math.min(available, FIRST_PASS);
        while (true) {
            if (bytes.length < next) {
                bytes = Arrays.copyOf(bytes, Math.max(next, bytes.length * 2));
            }
            in.getBytes(in.readerIndex() + copied, bytes, copied, next - copied);
            copied = next;
            int result = parser.parse(bytes, copied);
            if (result != Fields.INCOMPLETE || copied == available) {
                return result;
            }
            next = Math.min(available, copied * 4);
        }
    }
}

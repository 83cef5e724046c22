package io.myelin.net;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How much is asked for in one read: as much as the peer has been sending at once.
 *
 * <p>A read that fills its buffer is followed by larger ones at once. Only a row of reads that leave more than half of
 * the buffer empty makes it smaller: the last bytes of one response say nothing about the length of the next. Netty's
 * own estimate goes back after two such reads, and then takes a response that is a little longer than a power of two in
 * two pieces for ever, with two more system calls and one more packet for each.
 */
final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {
    /** Messages of a few bytes on very many connections should not each occupy a page. */
    static final int SMALLEST = 64;
    /** What a first request with its head usually needs. */
    static final int FIRST = 2_048;
    /** What fits into a core's own cache until it is passed on. */
    static final int LARGEST = 128 * 1_024;

    private static final int GROWTH = 16;
    private static final int PATIENCE = 8;

    @Override
    @SuppressWarnings("deprecation") // the type is deprecated in the signature that has to be overridden
    public Handle newHandle() {
        return new Estimate();
    }

    /** The estimate of one connection. */
    @OwnedBy(Owner.EVENT_LOOP)
    private final class Estimate extends MaxMessageHandle {
        private int size = FIRST;
        private int roomy;

        @Override
        public int guess() {
            return size;
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes > 0) {
                learn(bytes, attemptedBytesRead());
            }
            super.lastBytesRead(bytes);
        }

        private void learn(int bytes, int room) {
            if (bytes >= room) {
                size = Math.min(LARGEST, Math.max(size, room * GROWTH));
                roomy = 0;
            } else if (bytes > size / 2) {
                roomy = 0;
            } else if (++roomy == PATIENCE) {
                size = Math.max(SMALLEST, size / 2);
                roomy = 0;
            }
        }
    }
}

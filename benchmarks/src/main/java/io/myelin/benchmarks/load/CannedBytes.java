package io.myelin.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** Bytes that are sent again and again: every sender writes a duplicate, and nobody releases them. */
final class CannedBytes {
    private CannedBytes() {}

    /** Returns {@code head} followed by {@code count} times {@code filler}. */
    static ByteBuf of(byte[] head, byte filler, int count) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(head.length + count).put(head);
        while (bytes.hasRemaining()) {
            bytes.put(filler);
        }
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes.flip()));
    }
}

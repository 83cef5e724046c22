package io.myelin.http;

import io.netty.buffer.ByteBuf;

/** Joins the pieces in which a head arrives. */
final class Cumulation {
    private static final int SMALLEST = 1_024;

    private Cumulation() {}

    /** Returns the bytes of both buffers in one, with room for more; takes both over. */
    static ByteBuf append(ByteBuf first, ByteBuf second) {
        if (first.writableBytes() >= second.readableBytes() && first.refCnt() == 1 && !first.isReadOnly()) {
            first.writeBytes(second);
            second.release();
            return first;
        }
        int needed = first.readableBytes() + second.readableBytes();
        ByteBuf joined = first.alloc().directBuffer(Math.max(needed * 2, SMALLEST));
        joined.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return joined;
    }
}

package io.myelin.benchmarks.load;

import io.netty.buffer.ByteBuf;

/** Recognises the end of each reply on one connection. Event loop only. */
interface Reply {
    /** Consumes {@code bytes}, which it borrows; returns whether the reply is complete with them. */
    boolean consume(ByteBuf bytes);

    /** Returns whether the reply that was completed last is one that the client hoped for. */
    boolean successful();
}

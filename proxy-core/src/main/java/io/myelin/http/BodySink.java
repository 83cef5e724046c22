package io.myelin.http;

import io.netty.buffer.ByteBuf;

/** Where the bytes of a body go. */
@FunctionalInterface
interface BodySink {
    /** Takes {@code length} bytes of {@code source} from {@code index} on; borrows the buffer. */
    void body(ByteBuf source, int index, int length);
}

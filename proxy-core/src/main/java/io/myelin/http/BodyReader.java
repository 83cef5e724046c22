package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Knows where the body of the current message ends. Reused from message to message. */
@OwnedBy(Owner.EVENT_LOOP)
final class BodyReader {
    private final ChunkReader chunks = new ChunkReader();
    private Framing framing = Framing.NONE;
    private long remaining;
    private boolean ended = true;

    /** How the end of a body is told (RFC 9112 section 6.3). */
    enum Framing {
        /** There is no body. */
        NONE,
        /** By its length. */
        LENGTH,
        /** By the chunked coding. */
        CHUNKED,
        /** By the end of the connection. */
        UNTIL_CLOSE
    }

    void expectNothing() {
        framing = Framing.NONE;
        ended = true;
    }

    void expectLength(long length) {
        framing = Framing.LENGTH;
        remaining = length;
        ended = length == 0;
    }

    void expectChunks() {
        framing = Framing.CHUNKED;
        chunks.reset();
        ended = false;
    }

    /**
     * Expects chunks with trailer fields of which some may travel on.
     *
     * @param mostTrailerBytes how long the trailer section may be
     * @param mostTrailerFields how many fields it may have
     * @param trailers which of them travel on, {@code null} for none
     */
    void expectChunks(int mostTrailerBytes, int mostTrailerFields, @Nullable TrailerRules trailers) {
        framing = Framing.CHUNKED;
        chunks.reset(mostTrailerBytes, mostTrailerFields, trailers);
        ended = false;
    }

    /** Returns how many trailer fields ended here. */
    int droppedTrailers() {
        return framing == Framing.CHUNKED ? chunks.droppedFields() : 0;
    }

    void expectUntilClose() {
        framing = Framing.UNTIL_CLOSE;
        ended = false;
    }

    Framing framing() {
        return framing;
    }

    /** Returns whether all of the body was read. */
    boolean ended() {
        return ended;
    }

    /** Returns whether the body is certain to end within {@code available} further bytes. */
    boolean endsWithin(int available) {
        return ended || (framing == Framing.LENGTH && remaining <= available);
    }

    /** Says that the connection ended, which is what {@link Framing#UNTIL_CLOSE} waits for. */
    void onClose() {
        ended = ended || framing == Framing.UNTIL_CLOSE;
    }

    /**
     * Reads what belongs to the body from {@code in}, which it borrows, and passes it to {@code out}.
     *
     * @param framed whether {@code out} gets chunked data along with its coding
     * @return the broken rule, {@code null} if there is none
     */
    @Nullable
    Violation read(ByteBuf in, boolean framed, BodySink out) {
        switch (framing) {
            case LENGTH -> {
                int length = (int) Math.min(remaining, in.readableBytes());
                out.body(in, in.readerIndex(), length);
                in.skipBytes(length);
                remaining -= length;
                ended = remaining == 0;
            }
            case CHUNKED -> {
                Violation broken = chunks.read(in, framed, out);
                ended = chunks.done();
                return broken;
            }
            case UNTIL_CLOSE -> {
                int length = in.readableBytes();
                out.body(in, in.readerIndex(), length);
                in.skipBytes(length);
            }
            case NONE -> {}
        }
        return null;
    }
}

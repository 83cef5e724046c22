package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chunked coding of one body (RFC 9112 section 7.1) through whatever pieces it arrives in.
 *
 * <p>Checks every byte of the framing; extensions are checked and left out, and so are trailer fields unless rules say
 * which of them travel on.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class ChunkReader {
    private static final int MOST_SIZE_DIGITS = 15;
    private static final int MOST_EXTENSION_BYTES = 4_096;
    private static final int MOST_TRAILER_BYTES = 16_384;

    private State state = State.SIZE_FIRST;
    private long remaining;
    private int digits;
    private int skippedBytes;
    private int mostTrailerBytes;
    private int mostTrailerFields;
    private int trailerFields;
    private int droppedFields;
    private Violation broken = Violation.CHUNK;
    private @Nullable TrailerRules rules;
    private @Nullable TrailerSection trailers;

    /** Where in the coding the next byte stands. */
    private enum State {
        SIZE_FIRST,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        DONE,
        BROKEN
    }

    /** Starts over with another body, whose trailer fields end here. */
    void reset() {
        reset(MOST_TRAILER_BYTES, Integer.MAX_VALUE, null);
    }

    /**
     * Starts over with another body.
     *
     * @param mostBytes how long the trailer section may be
     * @param mostFields how many fields it may have
     * @param newRules which of them travel on, {@code null} for none
     */
    void reset(int mostBytes, int mostFields, @Nullable TrailerRules newRules) {
        state = State.SIZE_FIRST;
        mostTrailerBytes = Math.min(mostBytes, MOST_TRAILER_BYTES);
        mostTrailerFields = mostFields;
        trailerFields = 0;
        droppedFields = 0;
        rules = newRules;
        trailers = null;
    }

    /** Returns how many trailer fields of the body ended here. */
    int droppedFields() {
        return droppedFields;
    }

    boolean done() {
        return state == State.DONE;
    }

    /**
     * Reads on in {@code in}, which it borrows, until the body or the buffer ends. A broken rule stays broken: the byte
     * that broke it is left unread, and every further call returns it again.
     *
     * @param framed whether {@code out} gets the coding along with the data, in canonical form, or the data only
     * @return the broken rule, {@code null} if there is none
     */
    @Nullable
    Violation read(ByteBuf in, boolean framed, BodySink out) {
        if (state == State.BROKEN) {
            return broken;
        }
        int end = in.writerIndex();
        int at = in.readerIndex();
        int copyFrom = at;
        while (at < end && state != State.DONE) {
            if (state == State.DATA) {
                int available = (int) Math.min(remaining, end - at);
                if (!framed) {
                    copyFrom = at;
                }
                at += available;
                remaining -= available;
                if (!framed) {
                    out.body(in, copyFrom, available);
                    copyFrom = at;
                }
                if (remaining == 0) {
                    state = State.DATA_CR;
                }
                continue;
            }
            boolean skipped = skips(state);
            Violation found = step(in.getByte(at));
            if (found != null) {
                state = State.BROKEN;
                broken = found;
                in.readerIndex(at);
                return found;
            }
            if (state == State.LAST_LF) {
                endTrailers(framed, out);
            }
            boolean skipNow = skips(state);
            if (framed && !skipped && skipNow) {
                // The byte just read opens an extension or a trailer: what came before it is forwarded.
                out.body(in, copyFrom, at - copyFrom);
            }
            if (skipped && !skipNow) {
                // An extension ends at the carriage return, which is kept; a trailer field with its whole line.
                copyFrom = state == State.TRAILER_START ? at + 1 : at;
            }
            at++;
        }
        if (framed && !skips(state)) {
            out.body(in, copyFrom, at - copyFrom);
        }
        in.readerIndex(at);
        return null;
    }

    /** All trailer fields are here: passes on those that travel, before the empty line that ends them. */
    private void endTrailers(boolean framed, BodySink out) {
        TrailerSection section = trailers;
        trailers = null;
        droppedFields = section != null && framed ? section.forward(out) : trailerFields;
    }

    /** Returns whether bytes read in {@code now} are left out of the canonical form. */
    private static boolean skips(State now) {
        return now == State.EXTENSION
                || now == State.TRAILER_NAME
                || now == State.TRAILER_VALUE
                || now == State.TRAILER_LF;
    }

    private @Nullable Violation step(byte b) {
        switch (state) {
            case SIZE_FIRST -> {
                remaining = 0;
                digits = 0;
                state = State.SIZE;
                return sizeDigit(b);
            }
            case SIZE -> {
                if (b == Octets.CR) {
                    state = State.SIZE_LF;
                } else if (b == ';') {
                    skippedBytes = 0;
                    state = State.EXTENSION;
                } else {
                    return sizeDigit(b);
                }
            }
            case EXTENSION -> {
                if (b == Octets.CR) {
                    state = State.SIZE_LF;
                } else if (!Octets.isFieldValue(b) || ++skippedBytes > MOST_EXTENSION_BYTES) {
                    return Violation.CHUNK;
                }
            }
            case SIZE_LF -> {
                skippedBytes = 0;
                state = remaining == 0 ? State.TRAILER_START : State.DATA;
                return b == Octets.LF ? null : Violation.CHUNK;
            }
            case DATA_CR -> {
                state = State.DATA_LF;
                return b == Octets.CR ? null : Violation.CHUNK;
            }
            case DATA_LF -> {
                state = State.SIZE_FIRST;
                return b == Octets.LF ? null : Violation.CHUNK;
            }
            default -> {
                return stepTrailer(b);
            }
        }
        return null;
    }

    private @Nullable Violation sizeDigit(byte b) {
        int digit = Octets.hex(b);
        if (digit < 0 || ++digits > MOST_SIZE_DIGITS) {
            return Violation.CHUNK;
        }
        remaining = (remaining << 4) | digit;
        return null;
    }

    private @Nullable Violation stepTrailer(byte b) {
        if (++skippedBytes > mostTrailerBytes) {
            return Violation.TRAILER_LENGTH;
        }
        Violation found = followTrailer(b);
        if (found == null && state != State.LAST_LF && state != State.DONE) {
            keep(b);
        }
        return found;
    }

    private void keep(byte b) {
        TrailerRules forwarding = rules;
        if (forwarding != null) {
            TrailerSection section = trailers;
            if (section == null) {
                section = new TrailerSection(forwarding);
                trailers = section;
            }
            section.add(b);
        }
    }

    private @Nullable Violation followTrailer(byte b) {
        switch (state) {
            case TRAILER_START -> {
                if (b == Octets.CR) {
                    state = State.LAST_LF;
                    return null;
                }
                if (++trailerFields > mostTrailerFields) {
                    return Violation.TRAILER_LENGTH;
                }
                state = State.TRAILER_NAME;
                return Octets.isToken(b) ? null : Violation.CHUNK;
            }
            case TRAILER_NAME -> {
                if (b == ':') {
                    state = State.TRAILER_VALUE;
                    return null;
                }
                return Octets.isToken(b) ? null : Violation.CHUNK;
            }
            case TRAILER_VALUE -> {
                if (b == Octets.CR) {
                    state = State.TRAILER_LF;
                    return null;
                }
                return Octets.isFieldValue(b) ? null : Violation.CHUNK;
            }
            case TRAILER_LF -> {
                state = State.TRAILER_START;
                return b == Octets.LF ? null : Violation.CHUNK;
            }
            default -> {
                state = State.DONE;
                return b == Octets.LF ? null : Violation.CHUNK;
            }
        }
    }
}

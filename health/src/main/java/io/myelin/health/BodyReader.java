package io.myelin.health;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.jspecify.annotations.Nullable;

/**
 * Looks for something in the body of an HTTP answer, or for its end, however the body is framed (RFC 9112, section 6).
 */
@OwnedBy(Owner.HEALTH_LOOP)
final class BodyReader {
    /** How much of a body is looked at. */
    static final int LIMIT = 64 * 1024;

    private static final int MAX_CHUNK_DIGITS = 8;

    private enum Stage {
        UNTIL_LENGTH,
        UNTIL_CLOSE,
        CHUNK_SIZE,
        CHUNK_EXTENSION,
        CHUNK,
        CHUNK_END,
        OVER,
        MALFORMED
    }

    private final @Nullable BodySearch search;
    private Stage stage;
    private long remaining;
    private int digits;
    private long seen;

    private BodyReader(@Nullable BodySearch search, Stage stage, long remaining) {
        this.search = search;
        this.stage = stage;
        this.remaining = remaining;
    }

    /** Reads a body of so many bytes; without a search, only its end counts. */
    static BodyReader ofLength(long length, @Nullable BodySearch search) {
        return new BodyReader(search, length == 0 ? Stage.OVER : Stage.UNTIL_LENGTH, length);
    }

    static BodyReader chunked(@Nullable BodySearch search) {
        return new BodyReader(search, Stage.CHUNK_SIZE, 0);
    }

    static BodyReader untilClose(@Nullable BodySearch search) {
        return new BodyReader(search, Stage.UNTIL_CLOSE, 0);
    }

    /** Takes the next byte of the answer. */
    void accept(byte value) {
        switch (stage) {
            case UNTIL_CLOSE -> content(value);
            case UNTIL_LENGTH -> {
                content(value);
                endIfComplete(Stage.OVER);
            }
            case CHUNK -> {
                content(value);
                endIfComplete(Stage.CHUNK_END);
            }
            case CHUNK_SIZE -> chunkSize(value);
            case CHUNK_EXTENSION -> chunkExtension(value);
            case CHUNK_END -> chunkEnd(value);
            case OVER, MALFORMED -> {}
        }
    }

    boolean found() {
        return search != null && search.found();
    }

    /** Returns whether what is looked for is there if this was all. */
    boolean foundInAll() {
        return search != null && search.foundInAll();
    }

    /** Returns whether no later byte can change the answer. */
    boolean over() {
        return stage == Stage.OVER || (search != null && seen >= LIMIT);
    }

    boolean malformed() {
        return stage == Stage.MALFORMED;
    }

    /** Returns whether the end of the connection is a proper end of the body. */
    boolean mayEndHere() {
        return over() || stage == Stage.UNTIL_CLOSE;
    }

    private void content(byte value) {
        seen++;
        if (search != null) {
            search.accept(value);
        }
    }

    private void endIfComplete(Stage next) {
        remaining--;
        if (remaining == 0) {
            stage = next;
        }
    }

    private void chunkSize(byte value) {
        int digit = Character.digit(value, 16);
        if (digit >= 0 && digits < MAX_CHUNK_DIGITS) {
            remaining = remaining * 16 + digit;
            digits++;
        } else if (digits == 0 || digit >= 0) {
            stage = Stage.MALFORMED;
        } else {
            chunkExtension(value);
        }
    }

    private void chunkExtension(byte value) {
        if (value != '\n') {
            stage = Stage.CHUNK_EXTENSION;
            return;
        }
        digits = 0;
        stage = remaining == 0 ? Stage.OVER : Stage.CHUNK;
    }

    private void chunkEnd(byte value) {
        if (value == '\n') {
            stage = Stage.CHUNK_SIZE;
        } else if (value != '\r') {
            stage = Stage.MALFORMED;
        }
    }
}

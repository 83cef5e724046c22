package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The scratch space in which one event loop composes the heads it sends. Reused from message to message. */
@OwnedBy(Owner.EVENT_LOOP)
final class HeadWriter {
    private static final byte[] CRLF = {Octets.CR, Octets.LF};
    private static final int LONGEST_NUMBER = 19;

    private byte[] buffer = new byte[4_096];
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    /** Takes back what was written beyond {@code newLength}. */
    void shorten(int newLength) {
        length = newLength;
    }

    void bytes(byte[] source, int from, int to) {
        int added = to - from;
        ensure(added);
        System.arraycopy(source, from, buffer, length, added);
        length += added;
    }

    void bytes(byte[] source) {
        bytes(source, 0, source.length);
    }

    /** Adds everything that was written to {@code other}. */
    void append(HeadWriter other) {
        bytes(other.buffer, 0, other.length);
    }

    void one(byte b) {
        ensure(1);
        buffer[length++] = b;
    }

    void crlf() {
        bytes(CRLF);
    }

    /** Writes a number that is not negative, in decimal. */
    void number(long value) {
        ensure(LONGEST_NUMBER);
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int at = length + digits - 1; at >= length; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /** Writes what may stand in a field value as it is, and a question mark for every other character. */
    void text(CharSequence text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            buffer[length++] = c <= 0xff && Octets.isFieldValue((byte) c) ? (byte) c : (byte) '?';
        }
    }

    /** Returns whether everything from {@code from} on may stand in a field value. */
    boolean isFieldValue(int from) {
        return Octets.endOfFieldValue(buffer, from, length) == length;
    }

    /** Returns what was written, which the next write may replace. */
    byte[] bytes() {
        return buffer;
    }

    /** Copies everything written so far to {@code target} from {@code at} on. */
    void copyTo(byte[] target, int at) {
        System.arraycopy(buffer, 0, target, at, length);
    }

    /** Adds everything written so far to {@code out}. */
    void copyTo(ByteBuf out) {
        out.writeBytes(buffer, 0, length);
    }

    @Override
    public String toString() {
        return new String(buffer, 0, length, ISO_8859_1);
    }

    private void ensure(int added) {
        if (buffer.length - length < added) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + added));
        }
    }
}

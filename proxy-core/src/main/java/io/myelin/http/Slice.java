package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.charset.StandardCharsets;

/** A window on bytes of a message head, read as text of one byte per character. Reused from message to message. */
@OwnedBy(Owner.EVENT_LOOP)
final class Slice implements CharSequence {
    private byte[] bytes = new byte[0];
    private int from;
    private int to;

    void set(byte[] newBytes, int newFrom, int newTo) {
        bytes = newBytes;
        from = newFrom;
        to = newTo;
    }

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public char charAt(int index) {
        return (char) (bytes[from + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        Slice part = new Slice();
        part.set(bytes, from + start, from + end);
        return part;
    }

    @Override
    public String toString() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}

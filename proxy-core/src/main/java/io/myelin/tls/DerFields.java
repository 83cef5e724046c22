package io.myelin.tls;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.Arrays;

/**
 * The fields of one value in DER, one after the other (ITU-T X.690, section 8.1). Whatever does not have the form that
 * is asked for is an {@link IllegalArgumentException}.
 */
@OwnedBy(Owner.BUILDER)
final class DerFields {
    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int ENUMERATED = 0x0a;
    static final int TIME = 0x18;
    static final int SEQUENCE = 0x30;
    /** The first of the tags of fields that may be left out, constructed ones. */
    static final int OPTIONAL = 0xa0;

    private final byte[] bytes;
    private int at;

    DerFields(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns whether the next field has that tag. */
    boolean nextIs(int tag) {
        return at < bytes.length && (bytes[at] & 0xff) == tag;
    }

    boolean atEnd() {
        return at == bytes.length;
    }

    /** Returns the content of the next field, which has that tag. */
    byte[] take(int tag) {
        if (!nextIs(tag)) {
            throw new IllegalArgumentException("no field with tag " + tag + " at byte " + at);
        }
        return take();
    }

    /** Returns the fields of the next field, which has that tag. */
    DerFields within(int tag) {
        return new DerFields(take(tag));
    }

    /** Returns the content of the next field. */
    byte[] take() {
        at++;
        int length = oneByte();
        if (length > 0x80) {
            int digits = length - 0x80;
            if (digits > 3) {
                throw new IllegalArgumentException("a field of more than 16 MiB at byte " + at);
            }
            length = 0;
            for (int i = 0; i < digits; i++) {
                length = length << 8 | oneByte();
            }
        }
        if (length > bytes.length - at) {
            throw new IllegalArgumentException("cut short at byte " + at);
        }
        byte[] content = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return content;
    }

    private int oneByte() {
        if (at >= bytes.length) {
            throw new IllegalArgumentException("cut short at byte " + at);
        }
        return bytes[at++] & 0xff;
    }
}

package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Locale;

/** The trailer fields of one body as they arrive, until it is decided which of them travel on. */
@OwnedBy(Owner.EVENT_LOOP)
final class TrailerSection {
    private static final int INITIAL_BYTES = 256;

    private final TrailerRules rules;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    TrailerSection(TrailerRules rules) {
        this.rules = rules;
    }

    /** Adds one byte of the section, which whoever adds it has found valid where it stands. */
    void add(byte b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = b;
    }

    /**
     * Passes the lines that travel on to {@code out}, once all are here.
     *
     * @return how many do not
     */
    int forward(BodySink out) {
        add(Octets.CR);
        add(Octets.LF);
        Fields fields = new Fields();
        if (fields.parse(bytes, 0, length, Integer.MAX_VALUE) != length) {
            throw new IllegalStateException("trailer fields that were valid one by one are not together");
        }
        int dropped = 0;
        for (int field = 0; field < fields.count(); field++) {
            if (!rules.forwards(fields.nameOf(field).toLowerCase(Locale.ROOT))) {
                fields.drop(field);
                dropped++;
            }
        }
        HeadWriter kept = new HeadWriter();
        fields.copyKept(kept);
        if (kept.length() > 0) {
            ByteBuf lines = Unpooled.copiedBuffer(kept.toString(), ISO_8859_1);
            out.body(lines, 0, lines.readableBytes());
            lines.release();
        }
        return dropped;
    }
}

package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.Arrays;

/** What becomes of single bytes of a head when it is copied: left out, or replaced. Reused from head to head. */
@OwnedBy(Owner.EVENT_LOOP)
final class Edits {
    private static final byte[] NOTHING = {};
    private static final int INITIAL = 8;

    private int[] starts = new int[INITIAL];
    private int[] ends = new int[INITIAL];
    private byte[][] replacements = new byte[INITIAL][];
    private int count;

    void clear() {
        count = 0;
    }

    boolean none() {
        return count == 0;
    }

    /** Leaves out what is between the two positions, which are behind those of every earlier edit. */
    void cut(int from, int to) {
        replace(from, to, NOTHING);
    }

    /** Puts {@code bytes} in the place of what is between the two positions, not before those of any earlier edit. */
    void replace(int from, int to, byte[] bytes) {
        assert count == 0 || from >= ends[count - 1] : "edits out of order";
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            replacements = Arrays.copyOf(replacements, count * 2);
        }
        starts[count] = from;
        ends[count] = to;
        replacements[count] = bytes;
        count++;
    }

    /** Copies what is between two positions, neither of which is in the middle of an edit. */
    void copy(byte[] source, int from, int to, HeadWriter out) {
        int at = from;
        for (int edit = 0; edit < count; edit++) {
            if (starts[edit] >= from && ends[edit] <= to) {
                out.bytes(source, at, starts[edit]);
                out.bytes(replacements[edit]);
                at = ends[edit];
            }
        }
        out.bytes(source, at, to);
    }
}

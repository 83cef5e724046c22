package io.myelin.health.replica;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts bytes into lines of UTF-8 text, none of which is longer than a bound, whatever comes. */
@OwnedBy(Owner.REPLICA_OUTPUT)
final class LineSplitter {
    /** What of a line is kept; the rest of it is left out. */
    static final int LONGEST_BYTES = 8 * 1024;

    /** Ends a line of which something was left out. */
    static final String CUT = " ... (cut)";

    private final Consumer<String> lines;
    private final byte[] line = new byte[LONGEST_BYTES];
    private int length;
    private boolean overlong;

    LineSplitter(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Takes the first {@code count} of {@code bytes}. */
    void feed(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                end();
            } else if (length < line.length) {
                line[length++] = bytes[i];
            } else {
                overlong = true;
            }
        }
    }

    /** Ends the last line, if there is one without an end. */
    void finish() {
        if (length > 0) {
            end();
        }
    }

    private void end() {
        int kept = !overlong && length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        String text = new String(line, 0, kept, StandardCharsets.UTF_8);
        lines.accept(overlong ? text + CUT : text);
        length = 0;
        overlong = false;
    }
}

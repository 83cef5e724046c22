package io.myelin.accesslog;

import io.myelin.log.AccessRecord;

/**
 * What a line looks like. Whatever is in a record, a line is one line of printable ASCII. Called by the writer only.
 */
interface LineLayout {
    /** Appends the line of {@code record}, without its end. */
    void append(AccessRecord record, StringBuilder out);
}

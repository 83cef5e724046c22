package io.myelin.benchmarks.conformance;

/** A way in which some servers are known to read requests otherwise than RFC 9112 says. */
enum Quirk {
    /** A line feed alone ends a line. */
    LINE_FEED_ENDS_LINES,
    /** A carriage return alone ends a line. */
    RETURN_ENDS_LINES,
    /** Content-Length counts where Transfer-Encoding is present, too. */
    LENGTH_WINS,
    /** Blanks and control characters around a field name are overlooked. */
    LOOSE_NAMES,
    /** A transfer coding is chunked if it mentions the word. */
    LOOSE_ENCODINGS,
    /** Numbers may have signs and prefixes, end where the digits do, and be lists. */
    LOOSE_NUMBERS,
    /** Of several fields that should be one, the last counts. */
    LAST_FIELD_WINS,
    /** A line that begins with a blank continues the one before. */
    FOLDED_LINES,
    /** A NUL ends a line's text. */
    NUL_ENDS_TEXT
}

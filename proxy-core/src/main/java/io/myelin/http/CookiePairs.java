package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;

/** The cookies of one field value, one after the other, as positions. Reused from value to value. */
@OwnedBy(Owner.EVENT_LOOP)
final class CookiePairs {
    /*
     * Read as HAProxy reads them, which is what most servers understand: a name ends at an equals sign; a value ends at
     * a semicolon, or in a Cookie field at a comma; within double quotes, where a backslash keeps the next byte from
     * having a meaning, neither ends anything; a quote that is not closed reaches to the end. Blanks around names and
     * values are not part of them. What has no equals sign is a pair without a value, possibly of nothing at all.
     */
    private byte[] bytes = new byte[0];
    private boolean commas;
    private int end;
    private int start;
    private int nameStart;
    private int nameEnd;
    private int valueStart;
    private int valueEnd;
    private int next;
    private boolean hasValue;

    /** Starts before the first cookie of a Cookie field. */
    void beginRequest(byte[] source, int from, int to) {
        begin(source, from, to);
        commas = true;
    }

    /** Starts before the cookie of a Set-Cookie field, whose attributes follow it like further ones. */
    void beginResponse(byte[] source, int from, int to) {
        begin(source, from, to);
        commas = false;
    }

    private void begin(byte[] source, int from, int to) {
        bytes = source;
        end = to;
        next = from - 1;
    }

    /** Goes on to the next cookie; returns whether there is one. */
    boolean advance() {
        if (next >= end) {
            return false;
        }
        start = next + 1;
        nameStart = skipBlanks(start);
        int at = nameStart;
        while (at < end && bytes[at] != '=' && !delimits(bytes[at])) {
            at++;
        }
        nameEnd = withoutBlanks(nameStart, at);
        hasValue = at < end && bytes[at] == '=';
        valueStart = hasValue ? skipBlanks(at + 1) : at;
        next = hasValue ? endOfValue(valueStart) : at;
        valueEnd = withoutBlanks(valueStart, next);
        return true;
    }

    private int endOfValue(int from) {
        boolean quoted = false;
        for (int at = from; at < end; at++) {
            byte b = bytes[at];
            if (quoted && b == '\\') {
                at++;
            } else if (b == '"') {
                quoted = !quoted;
            } else if (!quoted && delimits(b)) {
                return at;
            }
        }
        return end;
    }

    private boolean delimits(byte b) {
        return b == ';' || (b == ',' && commas);
    }

    /** Returns the position of the first byte from {@code from} on that is not blank, at most the end. */
    int skipBlanks(int from) {
        int at = from;
        while (at < end && isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    private int withoutBlanks(int from, int to) {
        int at = to;
        while (at > from && isBlank(bytes[at - 1])) {
            at--;
        }
        return at;
    }

    static boolean isBlank(byte b) {
        return b == Octets.SP || b == Octets.TAB;
    }

    /** Returns whether the cookie is called {@code name}, in this case. */
    boolean named(byte[] name) {
        if (!hasValue || nameEnd - nameStart != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bytes[nameStart + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the name is {@code lowerCase}, in any case. */
    boolean namedIgnoringCase(byte[] lowerCase) {
        return Octets.equalsIgnoreCase(bytes, nameStart, nameEnd, lowerCase);
    }

    /** Returns whether there is nothing between two delimiters. */
    boolean empty() {
        return nameStart == next;
    }

    /** Returns the position after the delimiter before the cookie. */
    int start() {
        return start;
    }

    int valueStart() {
        return valueStart;
    }

    int valueEnd() {
        return valueEnd;
    }

    /** Returns the position of the delimiter after the cookie, or the end. */
    int next() {
        return next;
    }
}

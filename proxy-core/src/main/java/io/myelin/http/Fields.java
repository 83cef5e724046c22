package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of one message head, as positions in the bytes it was parsed from. Reused from message to message.
 *
 * <p>Parsing and validating are one pass: every byte of every line is looked at, and nothing is copied.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class Fields {
    /** The head does not end within the bytes at hand. */
    static final int INCOMPLETE = -1;

    /** The head breaks a rule, see {@link #violation()}. */
    static final int REJECTED = -2;

    private static final int INITIAL = 64;

    private byte[] bytes = new byte[0];
    private int[] nameStarts = new int[INITIAL];
    private int[] nameEnds = new int[INITIAL];
    private int[] valueStarts = new int[INITIAL];
    private int[] valueEnds = new int[INITIAL];
    private FieldName[] names = new FieldName[INITIAL];
    private boolean[] dropped = new boolean[INITIAL];
    private final Edits edits = new Edits();
    private int known;
    private int count;
    /** How many fields came with the message; those beyond were added by rules. */
    private int received;

    private int end;
    /** Where the lines of added fields end in {@code bytes}; they follow the head, whose body is elsewhere. */
    private int tail;

    private @Nullable Violation violation;

    /**
     * Parses field lines up to and including the empty line that ends them.
     *
     * @return the position after the head, or one of the two constants
     */
    int parse(byte[] source, int from, int limit, int maxCount) {
        bytes = source;
        count = 0;
        known = 0;
        edits.clear();
        violation = null;
        int at = from;
        while (at < limit) {
            byte first = source[at];
            if (first == Octets.CR) {
                return endOfHead(at, limit);
            }
            if (count == maxCount) {
                return reject(Violation.FIELD_COUNT);
            }
            at = parseLine(at, limit);
            if (at < 0) {
                return at;
            }
        }
        return INCOMPLETE;
    }

    private int endOfHead(int at, int limit) {
        if (at + 1 == limit) {
            return INCOMPLETE;
        }
        if (bytes[at + 1] != Octets.LF) {
            return reject(Violation.LINE_END);
        }
        end = at;
        received = count;
        tail = at + 2;
        return at + 2;
    }

    private int parseLine(int start, int limit) {
        byte[] b = bytes;
        int at = start;
        while (at < limit && Octets.isToken(b[at])) {
            at++;
        }
        if (at == limit) {
            return INCOMPLETE;
        }
        if (b[at] != ':' || at == start) {
            return reject(at == start ? wrongStart(b[at]) : Violation.FIELD_NAME);
        }
        int nameEnd = at++;
        while (at < limit && (b[at] == Octets.SP || b[at] == Octets.TAB)) {
            at++;
        }
        int valueStart = at;
        at = Octets.endOfFieldValue(b, at, limit);
        if (at + 1 >= limit) {
            return at == limit || b[at] == Octets.CR ? INCOMPLETE : reject(wrongByte(b[at]));
        }
        if (b[at] != Octets.CR || b[at + 1] != Octets.LF) {
            return reject(b[at] == Octets.CR ? Violation.LINE_END : wrongByte(b[at]));
        }
        int valueEnd = at;
        while (valueEnd > valueStart && (b[valueEnd - 1] == Octets.SP || b[valueEnd - 1] == Octets.TAB)) {
            valueEnd--;
        }
        add(start, nameEnd, valueStart, valueEnd);
        return at + 2;
    }

    private static Violation wrongStart(byte b) {
        return switch (b) {
            case Octets.SP, Octets.TAB -> Violation.LINE_FOLDING;
            case Octets.LF -> Violation.LINE_END;
            default -> Violation.FIELD_NAME;
        };
    }

    private static Violation wrongByte(byte b) {
        return b == Octets.LF ? Violation.LINE_END : Violation.FIELD_VALUE;
    }

    private void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (count == names.length) {
            grow();
        }
        nameStarts[count] = nameStart;
        nameEnds[count] = nameEnd;
        valueStarts[count] = valueStart;
        valueEnds[count] = valueEnd;
        FieldName name = FieldName.of(bytes, nameStart, nameEnd);
        names[count] = name;
        dropped[count] = name.hopByHop();
        known |= name.bit();
        count++;
    }

    private void grow() {
        int capacity = count * 2;
        nameStarts = Arrays.copyOf(nameStarts, capacity);
        nameEnds = Arrays.copyOf(nameEnds, capacity);
        valueStarts = Arrays.copyOf(valueStarts, capacity);
        valueEnds = Arrays.copyOf(valueEnds, capacity);
        names = Arrays.copyOf(names, capacity);
        dropped = Arrays.copyOf(dropped, capacity);
    }

    int reject(Violation rule) {
        violation = rule;
        return REJECTED;
    }

    @Nullable
    Violation violation() {
        return violation;
    }

    byte[] bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    FieldName name(int field) {
        return names[field];
    }

    /** Returns the name as it was written. */
    String nameOf(int field) {
        return new String(bytes, nameStarts[field], nameEnds[field] - nameStarts[field], StandardCharsets.US_ASCII);
    }

    int valueStart(int field) {
        return valueStarts[field];
    }

    int valueEnd(int field) {
        return valueEnds[field];
    }

    /** Keeps a field from being forwarded. */
    void drop(int field) {
        dropped[field] = true;
    }

    boolean dropped(int field) {
        return dropped[field];
    }

    /** Returns the value of a field, one character per byte, at most {@code most} of them. */
    String value(int field, int most) {
        int length = Math.min(valueEnds[field] - valueStarts[field], most);
        return new String(bytes, valueStarts[field], length, StandardCharsets.ISO_8859_1);
    }

    /** Lets the fields of that name, which end here by default, be forwarded. */
    void keep(FieldName name) {
        setDropped(name, false);
    }

    /** Keeps every field of that name from being forwarded. */
    void drop(FieldName name) {
        setDropped(name, true);
    }

    /** Keeps every field of that name which the message came with from being forwarded, not those that rules added. */
    void dropReceived(FieldName name) {
        setDropped(name, true, received);
    }

    private void setDropped(FieldName name, boolean value) {
        setDropped(name, value, count);
    }

    private void setDropped(FieldName name, boolean value, int before) {
        for (int field = 0; has(name) && field < before; field++) {
            if (names[field] == name) {
                dropped[field] = value;
            }
        }
    }

    /** Returns whether the field bears that name, in any case. */
    boolean named(int field, byte[] lowerCase) {
        return Octets.equalsIgnoreCase(bytes, nameStarts[field], nameEnds[field], lowerCase);
    }

    /** Returns the first field that bears {@code name} in any case, -1 if there is none. */
    int find(String name) {
        return find(name, 0);
    }

    /** Returns the first field from {@code from} on that bears {@code name} in any case, -1 if there is none. */
    int find(String name, int from) {
        for (int field = from; field < count; field++) {
            if (nameEnds[field] - nameStarts[field] == name.length() && bears(field, name) && exists(field)) {
                return field;
            }
        }
        return -1;
    }

    /** Returns whether no rule took the field away. */
    boolean exists(int field) {
        return names[field] != FieldName.REMOVED;
    }

    int nameStart(int field) {
        return nameStarts[field];
    }

    int nameEnd(int field) {
        return nameEnds[field];
    }

    /** Takes a field away. */
    void remove(int field) {
        names[field] = FieldName.REMOVED;
        dropped[field] = true;
    }

    /** Adds {@code addition} behind the fields there are; its line must be valid, and end with CR LF. */
    void append(HeadWriter addition, int nameLength, int valueStart) {
        int start = place(addition);
        add(start, start + nameLength, start + valueStart, tail - 2);
    }

    /** Copies {@code text} behind everything there is, where it can be pointed to; returns where it begins. */
    int place(HeadWriter text) {
        int start = tail;
        if (bytes.length - start < text.length()) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, start + text.length()));
        }
        text.copyTo(bytes, start);
        tail = start + text.length();
        return start;
    }

    private boolean bears(int field, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Octets.lower(bytes[nameStarts[field] + i]) != Octets.lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether there is a field of that name. */
    boolean has(FieldName name) {
        return (known & name.bit()) != 0;
    }

    /** Returns whether the field is forwarded. */
    boolean keeps(int field) {
        return !dropped[field];
    }

    /** Returns where to say what becomes of bytes within the fields that are forwarded. */
    Edits edits() {
        return edits;
    }

    /** Returns whether a field of that name is forwarded. */
    boolean keeps(FieldName name) {
        for (int field = 0; has(name) && field < count; field++) {
            if (names[field] == name && !dropped[field]) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a field of that name which the message came with is forwarded. */
    boolean keepsReceived(FieldName name) {
        for (int field = 0; has(name) && field < received; field++) {
            if (names[field] == name && !dropped[field]) {
                return true;
            }
        }
        return false;
    }

    /** Drops every field that bears the name between the two positions, unless the message depends on it. */
    void dropNominated(int from, int to) {
        for (int field = 0; field < count; field++) {
            if (nameEnds[field] - nameStarts[field] == to - from
                    && !names[field].protectedFromNomination()
                    && sameName(nameStarts[field], from, to - from)) {
                dropped[field] = true;
            }
        }
    }

    private boolean sameName(int nameStart, int from, int length) {
        for (int i = 0; i < length; i++) {
            if (Octets.lower(bytes[nameStart + i]) != Octets.lower(bytes[from + i])) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number in a field of nothing but digits, -1 if it is none or has more than 18 digits. */
    long number(int field) {
        return number(valueStarts[field], valueEnds[field]);
    }

    /** Returns the number that follows {@code lowerCase} in a list with commas, -1 if there is none such. */
    long parameter(int field, byte[] lowerCase) {
        int from = valueStarts[field];
        while (from < valueEnds[field]) {
            int to = from;
            while (to < valueEnds[field] && bytes[to] != ',') {
                to++;
            }
            while (from < to && Octets.isBlank(bytes[from])) {
                from++;
            }
            int number = from + lowerCase.length;
            if (number < to && Octets.equalsIgnoreCase(bytes, from, number, lowerCase)) {
                return number(number, to);
            }
            from = to + 1;
        }
        return -1;
    }

    private long number(int from, int to) {
        if (from == to || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return -1;
            }
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    /** Returns whether the value is a list with commas of which {@code lowerCase} is an item, in any case. */
    boolean lists(int field, byte[] lowerCase) {
        int from = valueStarts[field];
        while (from <= valueEnds[field]) {
            int comma = from;
            while (comma < valueEnds[field] && bytes[comma] != ',') {
                comma++;
            }
            int to = comma;
            while (from < to && Octets.isBlank(bytes[from])) {
                from++;
            }
            while (to > from && Octets.isBlank(bytes[to - 1])) {
                to--;
            }
            if (Octets.equalsIgnoreCase(bytes, from, to, lowerCase)) {
                return true;
            }
            from = comma + 1;
        }
        return false;
    }

    boolean valueIs(int field, byte[] lowerCase) {
        return Octets.equalsIgnoreCase(bytes, valueStarts[field], valueEnds[field], lowerCase);
    }

    /** Copies the lines of every field that was not dropped, in order. */
    void copyKept(HeadWriter out) {
        copyReceived(out);
        for (int field = received; field < count; field++) {
            if (!dropped[field]) {
                out.bytes(bytes, nameStarts[field], valueEnds[field] + 2);
            }
        }
    }

    private void copyReceived(HeadWriter out) {
        int runStart = -1;
        for (int field = 0; field < received; field++) {
            if (dropped[field]) {
                if (runStart >= 0) {
                    copy(runStart, nameStarts[field], out);
                    runStart = -1;
                }
            } else if (runStart < 0) {
                runStart = nameStarts[field];
            }
        }
        if (runStart >= 0) {
            copy(runStart, end, out);
        }
    }

    private void copy(int from, int to, HeadWriter out) {
        if (edits.none()) {
            out.bytes(bytes, from, to);
        } else {
            edits.copy(bytes, from, to, out);
        }
    }
}

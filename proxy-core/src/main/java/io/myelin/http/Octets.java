package io.myelin.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Which bytes may stand where in a message head (RFC 9110 section 5.6.2, RFC 9112, RFC 3986). */
final class Octets {
    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte SP = ' ';
    static final byte TAB = '\t';

    private static final byte DELETE = 0x7f;

    private static final boolean[] TOKEN = alphanumericAnd("!#$%&'*+-.^_`|~");
    private static final boolean[] TARGET = visible();
    private static final boolean[] HOST_NAME = alphanumericAnd("-._~%!$&'()*+,;=");
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Octets() {}

    static boolean isToken(byte b) {
        return b > 0 && TOKEN[b];
    }

    /** Returns whether {@code text} is a token: at least one character, and nothing but those of names. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c < 128 && isToken((byte) c));
    }

    /** Returns whether {@code b} may stand in a request target: what real clients send, short of what splits lines. */
    static boolean isTarget(byte b) {
        return b > 0 && TARGET[b];
    }

    /** Returns whether {@code b} may stand in a host name; a percent sign needs two digits behind it. */
    static boolean isHostName(byte b) {
        return b > 0 && HOST_NAME[b];
    }

    static boolean isBlank(byte b) {
        return b == SP || b == TAB;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Returns the value of a hexadecimal digit, -1 if {@code b} is none. */
    static int hex(byte b) {
        return b < 0 ? -1 : Character.digit(b, 16);
    }

    /** Returns whether {@code b} may stand in a field value: tab, space, visible or obsolete text. */
    static boolean isFieldValue(byte b) {
        return b < 0 || (b >= SP && b != DELETE) || b == TAB;
    }

    /**
     * Returns the position of the first byte from {@code at} on that may not stand in a field value, {@code end} if
     * there is none.
     */
    static int endOfFieldValue(byte[] bytes, int at, int end) {
        int i = at;
        while (i + Long.BYTES <= end) {
            long word = (long) LONGS.get(bytes, i);
            long found = (below(word, SP) | equal(word, DELETE)) & HIGH_BITS;
            if (found == 0) {
                i += Long.BYTES;
                continue;
            }
            i += Long.numberOfTrailingZeros(found) >>> 3;
            if (bytes[i] != TAB) {
                return i;
            }
            i++;
        }
        while (i < end && isFieldValue(bytes[i])) {
            i++;
        }
        return i;
    }

    /**
     * Returns the position of the first byte from {@code at} on that may not stand in a request target, {@code end} if
     * there is none.
     */
    static int endOfTarget(byte[] bytes, int at, int end) {
        int i = at;
        while (i + Long.BYTES <= end) {
            long word = (long) LONGS.get(bytes, i);
            long found = (below(word, SP + 1) | equal(word, DELETE) | equal(word, '#') | word) & HIGH_BITS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            i += Long.BYTES;
        }
        while (i < end && isTarget(bytes[i])) {
            i++;
        }
        return i;
    }

    /*
     * Eight bytes at a time: the high bit of each byte of the result says whether that byte of the word is one. A carry
     * may set it for bytes above the first that is one, never for a byte below, so the lowest is always right.
     */
    private static long below(long word, int bound) {
        return (word - ONES * bound) & ~word;
    }

    private static long equal(long word, int value) {
        long difference = word ^ (ONES * value);
        return (difference - ONES) & ~difference;
    }

    /** Returns whether {@code bytes} from {@code from} on spell {@code lowerCase}, whatever their case. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (lower(bytes[from + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }

    private static boolean[] alphanumericAnd(String others) {
        boolean[] allowed = new boolean[128];
        for (char c = 0; c < 128; c++) {
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            allowed[c] = alphanumeric || others.indexOf(c) >= 0;
        }
        return allowed;
    }

    /** What RFC 3986 excludes but browsers send unescaped in queries does no harm; a fragment never travels. */
    private static boolean[] visible() {
        boolean[] allowed = new boolean[128];
        for (char c = 0x21; c < 0x7f; c++) {
            allowed[c] = c != '#';
        }
        return allowed;
    }
}

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

    /** Returns whether {@code b} may stand in a request target: what real clients send, short of what splits lines. */
    static boolean isTarget(byte b) {
        return b > 0 && TARGET[b];
    }

    /** Returns whether {@code b} may stand in a host name; a percent sign needs two digits behind it. */
    static boolean isHostName(byte b) {
        return b > 0 && HOST_NAME[b];
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
        return b < 0 || (b >= SP && b != 0x7f) || b == TAB;
    }

    /**
     * Returns the position of the first byte from {@code at} on that may not stand in a field value, {@code end} if
     * there is none.
     */
    static int endOfFieldValue(byte[] bytes, int at, int end) {
        int i = at;
        // Eight bytes at a time: a byte below 32 or equal to 127 sets its high bit in one of the two words.
        while (i + Long.BYTES <= end) {
            long word = (long) LONGS.get(bytes, i);
            long controls = (word - ONES * SP) & ~word;
            long deletes = word ^ (ONES * 0x7f);
            deletes = (deletes - ONES) & ~deletes;
            if (((controls | deletes) & HIGH_BITS) != 0) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < end && isFieldValue(bytes[i])) {
            i++;
        }
        return i;
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

package io.myelin.http;

/**
 * A moment as HAProxy writes it behind the member in a sticky cookie: Unix time in units of four seconds, in five
 * letters of the Base64 alphabet, the most significant first.
 */
final class CookieDate {
    static final byte DELIMITER = '|';

    private static final int LETTERS = 5;
    private static final byte[] ALPHABET =
            Phrases.ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private CookieDate() {}

    /** Returns the Unix time in seconds that is written at {@code from}, 0 if there is none. */
    static long read(byte[] bytes, int from, int to) {
        if (to - from < LETTERS) {
            return 0;
        }
        long quarters = 0;
        for (int i = from; i < from + LETTERS; i++) {
            int digit = digit(bytes[i]);
            if (digit < 0) {
                return 0;
            }
            quarters = (quarters << 6) + digit;
        }
        return quarters << 2;
    }

    /** Writes the delimiter and the moment, rounded up. */
    static void write(long unixSeconds, HeadWriter out) {
        long quarters = (unixSeconds + 3) >> 2;
        out.one(DELIMITER);
        for (int shift = 6 * (LETTERS - 1); shift >= 0; shift -= 6) {
            out.one(ALPHABET[(int) (quarters >> shift) & 63]);
        }
    }

    private static int digit(byte b) {
        if (b >= 'A' && b <= 'Z') {
            return b - 'A';
        }
        if (b >= 'a' && b <= 'z') {
            return b - 'a' + 26;
        }
        if (Octets.isDigit(b)) {
            return b - '0' + 52;
        }
        return b == '+' ? 62 : b == '/' ? 63 : -1;
    }
}

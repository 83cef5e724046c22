package io.myelin.balance;

/** The number that stands for a key when members are chosen by hash: the same in every proxy and every run. */
public final class KeyHash {
    private static final long SEED = 0xcbf29ce484222325L;
    private static final long FACTOR = 0x100000001b3L;

    private KeyHash() {}

    /** Returns the hash of the bytes from {@code from} up to, not including, {@code to}. */
    public static int of(byte[] bytes, int from, int to) {
        long hash = SEED;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * FACTOR;
        }
        return (int) spread(hash);
    }

    /** Returns the hash of a text of one byte per character, equal to that of its bytes. */
    public static int of(CharSequence text) {
        return (int) spread(rolled(text));
    }

    /** Returns a 64-bit hash of a text. */
    static long wide(CharSequence text) {
        return spread(rolled(text));
    }

    /** Returns a number each of whose bits depends on every bit of {@code value}. */
    static long spread(long value) {
        long mixed = (value ^ (value >>> 32)) * 0xd6e8feb86659fd93L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
        return mixed ^ (mixed >>> 32);
    }

    private static long rolled(CharSequence text) {
        long hash = SEED;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FACTOR;
        }
        return hash;
    }
}

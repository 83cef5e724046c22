package io.myelin.balance;

/**
 * A table in which every turn has as many keys as every other.
 *
 * @param turns the index of the member that has each turn
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeyMap(int[] turns) implements KeyTable {
    @Override
    public int turn(int key) {
        return (int) (((KeyHash.spread(key) >>> 32) * turns.length) >>> 32);
    }
}

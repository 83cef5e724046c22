package io.myelin.balance;

import java.util.List;

/**
 * Which member each key belongs to, and which ones come next when that one cannot take it. Immutable.
 *
 * <p>Built from the identities and weights of the members alone, so that every proxy of a fleet finds the same member
 * for a key, in whatever order its registry lists them. A slow start moves no key.
 */
interface KeyTable {
    /**
     * Returns the first turn of {@code key}, from 0. The turns after it, round to the first again, are its next
     * choices.
     */
    int turn(int key);

    /** Returns for each turn the index of the member that has it. */
    int[] turns();

    /** Returns the table of {@code members}, which are sorted by identity and not empty. */
    static KeyTable of(HashConfig.Layout layout, List<Member> members) {
        return switch (layout) {
            case MAP_BASED -> new KeyMap(Schedule.of(members, Member::weight));
            case CONSISTENT -> KeyRing.of(members);
            case MAGLEV -> new KeyMap(Maglev.turns(members));
        };
    }
}

package io.myelin.balance;

/** Compares how busy members are for their weight. */
final class Load {
    private Load() {}

    /** Returns the member with fewer exchanges in flight per unit of weight; {@code first} when equal. */
    static Member lower(Member first, Member second) {
        return lower(second.inFlight(), second, first.inFlight(), first) ? second : first;
    }

    /** Returns whether {@code member} has fewer exchanges in flight per unit of weight than {@code other}. */
    static boolean lower(long inFlight, Member member, long otherInFlight, Member other) {
        return inFlight * other.share() < otherInFlight * member.share();
    }
}

package io.myelin.balance;

/** Compares how busy members are for their weight. */
final class Load {
    private Load() {}

    /** Returns the member with fewer exchanges in flight per unit of weight; {@code first} when equal. */
    static Member lower(Member first, Member second) {
        long firstLoad = first.total(MemberCounter.IN_FLIGHT) * Math.max(1, second.weight());
        long secondLoad = second.total(MemberCounter.IN_FLIGHT) * Math.max(1, first.weight());
        return secondLoad < firstLoad ? second : first;
    }
}

package io.myelin.admin;

/**
 * How many members a pool has, by state, as JSON.
 *
 * @param eligible how many of them the snapshot chooses from
 */
record MemberCounts(int total, int eligible, int up, int down, int draining, int notEligible) {
    static MemberCounts of(PoolReading reading) {
        return new MemberCounts(
                reading.standings().size(),
                reading.snapshot().eligible().size(),
                reading.count(MemberState.UP),
                reading.count(MemberState.DOWN),
                reading.count(MemberState.DRAINING),
                reading.count(MemberState.NOT_ELIGIBLE));
    }
}

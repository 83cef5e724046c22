package io.myelin.admin;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.model.HealthVerdict;

/**
 * Whether one member takes new work, and why.
 *
 * @param reason for people
 */
record Standing(MemberState state, String reason) {
    /** Judges a member that the current snapshot of its pool lists as eligible or not. */
    static Standing of(Member member, boolean eligible) {
        HealthVerdict verdict = member.verdict();
        if (member.adminState() == AdminState.DRAIN) {
            return new Standing(MemberState.DRAINING, "an operator rests it");
        }
        if (member.adminState() == AdminState.MAINT) {
            return new Standing(MemberState.DRAINING, "in maintenance, until an operator enables it");
        }
        if (!verdict.admitsTraffic()) {
            return new Standing(MemberState.DOWN, verdict.reason());
        }
        return eligible
                ? new Standing(MemberState.UP, verdict.reason())
                : new Standing(MemberState.NOT_ELIGIBLE, whyNotEligible(member));
    }

    private static String whyNotEligible(Member member) {
        if (member.weight() == 0) {
            return "its weight is 0";
        }
        return member.backup() ? "a backup, and others serve" : "joins with the next snapshot";
    }
}

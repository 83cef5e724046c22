package io.myelin.stats;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.health.CheckReport;
import io.myelin.health.CheckStatus;
import io.myelin.model.HealthVerdict.State;
import org.jspecify.annotations.Nullable;

/** The words by which HAProxy tells how a server does. */
final class ServerStatus {
    private ServerStatus() {}

    /**
     * Returns the word in the column {@code status}.
     *
     * @param checked whether the member is checked
     * @param report its last check, {@code null} before the first one
     * @param fall how many failures in a row take a checked member down
     */
    static String of(Member member, boolean checked, @Nullable CheckReport report, int fall) {
        if (member.adminState() == AdminState.MAINT) {
            return "MAINT";
        }
        if (member.verdict().state() == State.FAILING) {
            return report != null && report.progress().startsWith("DOWN") ? report.progress() : "DOWN";
        }
        boolean drains = member.adminState() == AdminState.DRAIN;
        if (!checked) {
            return drains ? "DRAIN" : "no check";
        }
        String word = progress(report, fall);
        return drains ? "DRAIN" + word.substring("UP".length()) : word;
    }

    private static String progress(@Nullable CheckReport report, int fall) {
        if (report == null) {
            return fall == 1 ? "UP" : "UP 1/" + fall;
        }
        return report.progress().startsWith("UP") ? report.progress() : "UP";
    }

    /** Returns what HAProxy calls the end of a check in a sentence. */
    static String describe(CheckStatus status) {
        return switch (status) {
            case L4OK -> "Layer4 check passed";
            case L4TOUT -> "Layer4 timeout";
            case L4CON -> "Layer4 connection problem";
            case L6TOUT -> "Layer6 timeout";
            case L6OK -> "Layer6 check passed";
            case L6RSP -> "Layer6 invalid response";
            case L7OK -> "Layer7 check passed";
            case L7TOUT -> "Layer7 timeout";
            case L7RSP -> "Layer7 invalid response";
            case L7STS -> "Layer7 wrong status";
            case HANA -> "Health analyze";
            case SOCKERR -> "Socket error";
        };
    }
}

package io.myelin.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One instance of this host that is announced while it works, as the API shows it.
 *
 * @param name the service
 * @param state {@code starting}, {@code announcing}, {@code announced}, {@code withdrawing} or {@code withdrawn}
 * @param since when the state began
 * @param instance the instance id
 * @param address where others reach the instance
 * @param weight what is announced, {@code null} for none
 * @param registry where it is announced
 * @param path what the registry calls the registration, {@code null} while it names none
 * @param passing whether the checks pass, {@code null} before the first round
 * @param checks each check and what it saw last
 * @param error the last error of the registry, {@code null} if there was none since it was last reached
 * @param failures how often the registry failed in a row
 * @param alarm whether that is as often as operators want to hear of
 * @param counts what was counted since the announcement began
 */
public record AnnouncementView(
        String name,
        String state,
        String since,
        String instance,
        String address,
        @Nullable Integer weight,
        String registry,
        @Nullable String path,
        @Nullable Boolean passing,
        List<Check> checks,
        @Nullable String error,
        int failures,
        boolean alarm,
        Counts counts) {
    public AnnouncementView {
        checks = List.copyOf(checks);
    }

    /**
     * One check.
     *
     * @param name what people call it
     * @param passing what is concluded after rise and fall
     * @param reason what was observed last
     */
    public record Check(String name, boolean passing, String reason) {}

    /**
     * What was counted.
     *
     * @param transitions changes between announced and withdrawn
     * @param throttled changes that came too soon
     * @param reportFailures failed attempts at the registry
     * @param rounds rounds of checks
     */
    public record Counts(long transitions, long throttled, long reportFailures, long rounds) {}
}

package io.myelin.accesslog;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments as logs write them. A second's text is kept, because the next line is likely of the same second. */
@OwnedBy(Owner.ACCESS_LOG)
final class Dates {
    private static final DateTimeFormatter CLF = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("xx", Locale.ENGLISH);
    private static final DateTimeFormatter SYSLOG = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ENGLISH);

    private final ZoneId here = ZoneId.systemDefault();
    private long second = Long.MIN_VALUE;
    private String text = "";
    private String zone = "";

    /** Appends such as {@code 06/Feb/2009:12:14:14.655}, in the time of this machine; with its zone if asked to. */
    void local(long millis, boolean withZone, StringBuilder out) {
        seconds(millis, out);
        out.append('.');
        millis(millis, out);
        if (withZone) {
            out.append(' ').append(zone);
        }
    }

    /** Appends such as {@code 06/Feb/2009:12:14:14 +0100}, in the time of this machine. */
    void localSeconds(long millis, StringBuilder out) {
        seconds(millis, out);
        out.append(' ').append(zone);
    }

    /** Appends such as {@code 06/Feb/2009:11:14:14 +0000}. */
    static void gmtSeconds(long millis, StringBuilder out) {
        CLF.formatTo(at(millis, ZoneOffset.UTC), out);
        out.append(" +0000");
    }

    /** Appends the milliseconds of the second, three digits. */
    static void millis(long millis, StringBuilder out) {
        String digits = String.valueOf(1_000 + Math.floorMod(millis, 1_000L));
        out.append(digits, 1, digits.length());
    }

    /** Returns such as {@code Feb 6 12:14:14}, in the time of this machine. */
    String syslog(long millis) {
        return SYSLOG.format(at(millis, here));
    }

    /** Returns such as {@code 2009-02-06T12:14:14.655000+01:00}, in the time of this machine. */
    String iso(long millis) {
        return ISO.format(at(millis, here));
    }

    private void seconds(long millis, StringBuilder out) {
        long wanted = Math.floorDiv(millis, 1_000L);
        if (wanted != second) {
            ZonedDateTime at = at(millis, here);
            text = CLF.format(at);
            zone = ZONE.format(at);
            second = wanted;
        }
        out.append(text);
    }

    private static ZonedDateTime at(long millis, ZoneId zone) {
        return Instant.ofEpochMilli(millis).atZone(zone);
    }
}

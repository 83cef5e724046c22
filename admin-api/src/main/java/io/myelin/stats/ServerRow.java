package io.myelin.stats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.balance.Slots;
import io.myelin.health.CheckReport;
import io.myelin.health.ServiceChecks;
import io.myelin.model.HealthVerdict.State;
import io.myelin.pool.StickyMembers;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Makes the line of one member. */
final class ServerRow {
    private final Member member;
    private final Row row;

    private ServerRow(String proxy, Member member) {
        this.member = member;
        this.row = new Row(Row.Type.SERVER, proxy, member.id().value());
    }

    /**
     * Returns the line of {@code member}, without its numbers.
     *
     * @param checks those of its service, {@code null} if there are none
     * @param moment when it is looked at
     */
    static Row of(
            String proxy,
            Member member,
            @Nullable StickyMembers sticky,
            @Nullable ServiceChecks checks,
            Moment moment) {
        ServerRow made = new ServerRow(proxy, member);
        made.addTraffic();
        made.addWeight();
        made.addChecks(checks, moment);
        byte[] cookie = sticky == null ? null : sticky.valueOf(member);
        if (cookie != null) {
            made.row.text(Column.COOKIE, new String(cookie, US_ASCII));
        }
        return made.row.text(Column.ADDR, member.endpoint().address());
    }

    private void addTraffic() {
        count(Column.SCUR, MemberCounter.IN_FLIGHT);
        count(Column.STOT, MemberCounter.REQUESTS);
        count(Column.LBTOT, MemberCounter.REQUESTS);
        count(Column.BIN, MemberCounter.BYTES_SENT);
        count(Column.BOUT, MemberCounter.BYTES_RECEIVED);
        count(Column.ECON, MemberCounter.CONNECT_FAILURES);
        count(Column.ERESP, MemberCounter.FAILURES);
        count(Column.WRETR, MemberCounter.RETRIES);
        count(Column.WREDIS, MemberCounter.REDISPATCHES);
        count(Column.USED_CONN_CUR, MemberCounter.IN_FLIGHT);
        row.number(Column.WREW, 0);
        count(Column.CONNECT, MemberCounter.CONNECTIONS);
        count(Column.REUSE, MemberCounter.REUSES);
        count(Column.HRSP_1XX, MemberCounter.RESPONSES_1XX);
        count(Column.HRSP_2XX, MemberCounter.RESPONSES_2XX);
        count(Column.HRSP_3XX, MemberCounter.RESPONSES_3XX);
        count(Column.HRSP_4XX, MemberCounter.RESPONSES_4XX);
        count(Column.HRSP_5XX, MemberCounter.RESPONSES_5XX);
        Histogram latency = member.latency();
        row.number(Column.TTIME, Math.round(latency.getMean() / 1e3));
        row.number(Column.TTIME_MAX, latency.getMaxValue() / 1_000);
        Slots slots = member.slots();
        row.number(Column.QCUR, slots == null ? 0 : slots.waiting());
        row.number(Column.QMAX, slots == null ? 0 : slots.mostWaiting());
        if (slots != null && slots.limit() != Slots.UNLIMITED) {
            row.number(Column.SLIM, slots.limit());
        }
        if (slots != null && slots.waitingLimit() != Slots.UNLIMITED) {
            row.number(Column.QLIMIT, slots.waitingLimit());
        }
    }

    private void count(Column column, MemberCounter counter) {
        row.number(column, member.total(counter));
    }

    private void addWeight() {
        row.number(Column.WEIGHT, member.weight());
        row.number(Column.UWEIGHT, member.weight());
        row.number(Column.ACT, member.backup() ? 0 : 1);
        row.number(Column.BCK, member.backup() ? 1 : 0);
        if (member.startPercent() < 100) {
            row.number(Column.THROTTLE, member.startPercent());
        }
    }

    private void addChecks(@Nullable ServiceChecks checks, Moment moment) {
        CheckReport report = checks == null ? null : checks.report(member.id());
        int fall = checks == null ? 1 : checks.config().fall();
        String leader = member.leader();
        if (leader != null) {
            row.text(Column.TRACKED, leader);
        }
        row.text(Column.STATUS, ServerStatus.of(member, checks != null || leader != null, report, fall));
        long sinceMillis = member.verdict().sinceMillis();
        row.number(Column.LASTCHG, moment.secondsSince(sinceMillis));
        if (checks == null || leader != null) {
            return;
        }
        if (report == null) {
            row.text(Column.CHECK_STATUS, "INI").text(Column.CHECK_DESC, "Initializing");
            row.number(Column.CHKFAIL, 0).number(Column.CHKDOWN, 0).number(Column.DOWNTIME, 0);
            return;
        }
        addReport(report, moment);
    }

    private void addReport(CheckReport report, Moment moment) {
        CheckReport.Tally tally = report.tally();
        boolean down = report.verdict().state() == State.FAILING;
        long downSeconds = down ? moment.secondsSince(report.verdict().sinceMillis()) : 0;
        row.number(Column.CHKFAIL, tally.failures());
        row.number(Column.CHKDOWN, tally.descents());
        row.number(Column.DOWNTIME, tally.downMillis() / 1_000 + downSeconds);
        row.text(Column.CHECK_STATUS, report.status().name());
        row.text(Column.CHECK_DESC, ServerStatus.describe(report.status()));
        row.number(Column.HANAFAIL, tally.alarms());
        row.text(Column.LAST_CHK, report.verdict().reason());
        if (report.code() != 0) {
            row.number(Column.CHECK_CODE, report.code());
        }
        row.number(Column.CHECK_DURATION, report.millis());
        row.number(Column.CHECK_RISE, tally.rise());
        row.number(Column.CHECK_FALL, tally.fall());
        row.number(Column.CHECK_HEALTH, tally.health());
    }
}

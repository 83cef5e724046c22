package io.myelin.stats;

import io.myelin.httpd.Body;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The statistics as a page for people: a table for each proxy, in the manner of HAProxy's, row by row. */
@OwnedBy(Owner.ADMIN_LOOP)
final class StatsPage implements Body {
    private static final String STYLE =
            "body{font:13px sans-serif;margin:1em}table{border-collapse:collapse;margin:0 0 1em}"
                    + "th,td{border:1px solid #bbb;padding:1px 6px;text-align:right}th{background:#eee}"
                    + "td:first-child,td.w{text-align:left}.up{background:#d5f5d5}.down{background:#f5c5c5}"
                    + ".rest{background:#dde}.warn{background:#fbeeb8}caption{text-align:left;font-weight:bold}";

    private static final Map<Column, String> COLUMNS = columns();

    private final StringBuilder page = new StringBuilder();
    private final Iterator<Row> rows;
    private String proxy = "";

    StatsPage(String title, String version, Moment moment, Iterator<Row> rows) {
        this.rows = rows;
        page.append("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>");
        page.append(escaped(title)).append("</title><style>").append(STYLE).append("</style></head><body><h1>");
        page.append(escaped(title)).append("</h1><p>Myelin ").append(escaped(version));
        page.append(", up for ").append(moment.secondsSince(0)).append(" s</p>");
    }

    private static Map<Column, String> columns() {
        Map<Column, String> columns = new LinkedHashMap<>();
        columns.put(Column.SVNAME, "");
        columns.put(Column.STATUS, "Status");
        columns.put(Column.LASTCHG, "For, s");
        columns.put(Column.CHECK_STATUS, "Check");
        columns.put(Column.LAST_CHK, "Last check");
        columns.put(Column.WEIGHT, "Weight");
        columns.put(Column.ACT, "Act");
        columns.put(Column.BCK, "Bck");
        columns.put(Column.QCUR, "Queue");
        columns.put(Column.QMAX, "Max");
        columns.put(Column.SCUR, "Sessions");
        columns.put(Column.SMAX, "Max");
        columns.put(Column.SLIM, "Limit");
        columns.put(Column.STOT, "Total");
        columns.put(Column.RATE, "Per s");
        columns.put(Column.BIN, "Bytes in");
        columns.put(Column.BOUT, "Bytes out");
        columns.put(Column.DREQ, "Denied");
        columns.put(Column.ECON, "Err conn");
        columns.put(Column.ERESP, "Err resp");
        columns.put(Column.WRETR, "Retries");
        columns.put(Column.WREDIS, "Redisp");
        columns.put(Column.HRSP_2XX, "2xx");
        columns.put(Column.HRSP_4XX, "4xx");
        columns.put(Column.HRSP_5XX, "5xx");
        columns.put(Column.CHKFAIL, "Chk fail");
        columns.put(Column.CHKDOWN, "Downs");
        columns.put(Column.DOWNTIME, "Down, s");
        columns.put(Column.TTIME, "Mean ms");
        return columns;
    }

    @Override
    public boolean writeNext(ByteBuf text) {
        boolean more = rows.hasNext();
        if (more) {
            add(rows.next());
        } else {
            endTable();
            page.append("</body></html>\n");
        }
        ByteBufUtil.writeUtf8(text, page);
        page.setLength(0);
        return more;
    }

    private void add(Row row) {
        String name = row.cell(Column.PXNAME);
        if (!name.equals(proxy)) {
            endTable();
            proxy = name;
            page.append("<table><caption>").append(escaped(name)).append("</caption><tr>");
            COLUMNS.values().forEach(title -> page.append("<th>").append(title).append("</th>"));
            page.append("</tr>");
        }
        page.append("<tr class=\"").append(tone(row.cell(Column.STATUS))).append("\">");
        COLUMNS.keySet()
                .forEach(column ->
                        page.append("<td>").append(escaped(row.cell(column))).append("</td>"));
        page.append("</tr>");
    }

    private void endTable() {
        if (!proxy.isEmpty()) {
            page.append("</table>");
        }
    }

    private static String tone(String status) {
        if (status.startsWith("DOWN") || status.equals("STOP")) {
            return "down";
        }
        if (status.equals("MAINT") || status.equals("DRAIN")) {
            return "rest";
        }
        return status.startsWith("UP ") ? "warn" : "up";
    }

    /** Returns text that means itself in a page; names come from registries. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

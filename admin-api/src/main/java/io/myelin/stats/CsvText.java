package io.myelin.stats;

import io.myelin.httpd.Body;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lines as HAProxy writes them: a head that begins with {@code # }, and a comma behind every value; one row at a time.
 */
@OwnedBy(Owner.ADMIN_LOOP)
final class CsvText implements Body {
    private static final List<Column> COLUMNS = List.of(Column.values());
    private static final String HEAD =
            Arrays.stream(Column.values()).map(Column::label).collect(Collectors.joining(",", "# ", ",\n"));

    private final Iterator<Row> rows;
    private final StringBuilder line = new StringBuilder(HEAD);

    CsvText(Iterator<Row> rows) {
        this.rows = rows;
    }

    @Override
    public boolean writeNext(ByteBuf text) {
        if (rows.hasNext()) {
            add(rows.next());
        }
        ByteBufUtil.writeUtf8(text, line);
        line.setLength(0);
        return rows.hasNext();
    }

    private void add(Row row) {
        for (Column column : COLUMNS) {
            Long number = row.number(column);
            if (number == null) {
                line.append(quoted(row.cell(column)));
            } else {
                line.append(number.longValue());
            }
            line.append(',');
        }
        line.append('\n');
    }

    /** Returns a value that no comma or line end of its own can tear. */
    private static String quoted(String value) {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return '"' + value.replace("\"", "\"\"").replaceAll("[\r\n]", " ") + '"';
            }
        }
        return value;
    }
}

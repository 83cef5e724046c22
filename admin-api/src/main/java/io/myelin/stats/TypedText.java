package io.myelin.stats;

import io.myelin.httpd.Body;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Iterator;
import java.util.List;

/** One line for each value, which says what kind of value it is: HAProxy's {@code show stat typed}. */
@OwnedBy(Owner.ADMIN_LOOP)
final class TypedText implements Body {
    private static final List<Column> COLUMNS = List.of(Column.values());

    private final Iterator<Row> rows;
    private final StringBuilder lines = new StringBuilder();

    TypedText(Iterator<Row> rows) {
        this.rows = rows;
    }

    @Override
    public boolean writeNext(ByteBuf text) {
        if (rows.hasNext()) {
            add(rows.next());
            ByteBufUtil.writeUtf8(text, lines);
            lines.setLength(0);
        }
        return rows.hasNext();
    }

    private void add(Row row) {
        Row.Type type = row.key().type();
        String beginning = type.name().charAt(0) + "." + row.proxyId() + "." + row.serverId() + ".";
        for (int position = 0; position < COLUMNS.size(); position++) {
            Column column = COLUMNS.get(position);
            String value = row.cell(column);
            if (!value.isEmpty()) {
                lines.append(beginning)
                        .append(position)
                        .append('.')
                        .append(column.label())
                        .append('.');
                lines.append(column.trait(type).typed(value)).append('\n');
            }
        }
    }
}

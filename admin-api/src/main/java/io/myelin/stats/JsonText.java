package io.myelin.stats;

import io.myelin.httpd.Body;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Iterator;
import java.util.List;

/** A list of rows, each of which is a list of its values: HAProxy's {@code show stat json}. */
@OwnedBy(Owner.ADMIN_LOOP)
final class JsonText implements Body {
    private static final List<Column> COLUMNS = List.of(Column.values());

    private final Iterator<Row> rows;
    private final StringBuilder json = new StringBuilder("[");

    JsonText(Iterator<Row> rows) {
        this.rows = rows;
    }

    @Override
    public boolean writeNext(ByteBuf text) {
        if (rows.hasNext()) {
            add(rows.next());
        }
        boolean more = rows.hasNext();
        json.append(more ? "," : "]\n");
        ByteBufUtil.writeUtf8(text, json);
        json.setLength(0);
        return more;
    }

    private void add(Row row) {
        Row.Type type = row.key().type();
        String beginning = "{\"objType\":\"" + type.title() + "\",\"proxyId\":" + row.proxyId() + ",\"id\":"
                + row.serverId() + ",";
        String separator = "[";
        for (int position = 0; position < COLUMNS.size(); position++) {
            Column column = COLUMNS.get(position);
            String value = row.cell(column);
            if (!value.isEmpty()) {
                json.append(separator).append(beginning);
                json.append(column.trait(type).json(position, column.label(), value))
                        .append('}');
                separator = ",";
            }
        }
        json.append(']');
    }
}

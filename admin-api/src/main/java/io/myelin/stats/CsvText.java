package io.myelin.stats;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Lines as HAProxy writes them: a head that begins with {@code # }, and a comma behind every value. */
@OwnedBy(Owner.BUILDER)
final class CsvText {
    private static final List<Column> COLUMNS = List.of(Column.values());
    private static final String HEAD =
            Arrays.stream(Column.values()).map(Column::label).collect(Collectors.joining(",", "# ", ",\n"));

    private final StringBuilder text = new StringBuilder(HEAD);

    void add(Row row) {
        for (Column column : COLUMNS) {
            text.append(quoted(row.cell(column))).append(',');
        }
        text.append('\n');
    }

    /** Returns a value that no comma or line end of its own can tear. */
    private static String quoted(String value) {
        boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? value : '"' + value.replace("\"", "\"\"").replaceAll("[\r\n]", " ") + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

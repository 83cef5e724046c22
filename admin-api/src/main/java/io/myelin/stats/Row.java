package io.myelin.stats;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of the statistics: a frontend, a server or a backend. Written by the thread that makes the table. */
@OwnedBy(Owner.BUILDER)
final class Row {
    /** What a line is about, under the number that HAProxy has for it. */
    enum Type {
        FRONTEND(0),
        BACKEND(1),
        SERVER(2);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** Returns the word for it in JSON. */
        String title() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }

        /** Returns the bit by which a selection means the type. */
        int bit() {
            return 1 << code;
        }
    }

    /** What a row is known by from one table to the next. */
    record Key(Type type, String proxy, String name) {}

    private final Key key;
    private final Map<Column, Long> numbers = new EnumMap<>(Column.class);
    private final Map<Column, String> texts = new EnumMap<>(Column.class);

    Row(Type type, String proxy, String name) {
        key = new Key(type, proxy, name);
        text(Column.PXNAME, proxy).text(Column.SVNAME, name);
        number(Column.PID, 1).number(Column.TYPE, type.code);
    }

    Key key() {
        return key;
    }

    /** Returns the number of the proxy that the row belongs to. */
    long proxyId() {
        return numbers.getOrDefault(Column.IID, 0L);
    }

    /** Returns the number of the server, 0 for a frontend or backend. */
    long serverId() {
        return numbers.getOrDefault(Column.SID, 0L);
    }

    Row number(Column column, long value) {
        numbers.put(column, value);
        return this;
    }

    /** Puts the same number into several columns. */
    void numbers(long value, Column... columns) {
        for (Column column : columns) {
            numbers.put(column, value);
        }
    }

    Row text(Column column, String value) {
        texts.put(column, value);
        return this;
    }

    /** Returns a number, {@code null} if the row has none in that column. */
    @Nullable
    Long number(Column column) {
        return numbers.get(column);
    }

    Map<Column, Long> numbers() {
        return numbers;
    }

    /** Returns what is shown in a column, empty if the row has nothing there. */
    String cell(Column column) {
        Long number = numbers.get(column);
        return number == null ? texts.getOrDefault(column, "") : number.toString();
    }
}

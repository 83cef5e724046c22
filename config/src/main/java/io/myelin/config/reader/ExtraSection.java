package io.myelin.config.reader;

import io.myelin.config.document.Where;
import io.myelin.config.haproxy.Line;
import java.util.List;

/**
 * One section of HAProxy's configuration, under its title.
 *
 * @param title such as {@code listen NAME [ADDRESS:PORT]}
 */
record ExtraSection(Line title, List<Line> lines, Where where) {
    ExtraSection {
        lines = List.copyOf(lines);
    }

    String kind() {
        return title.word(0);
    }

    String name() {
        return title.word(1);
    }

    boolean has(String word) {
        return lines.stream().anyMatch(line -> line.startsWith(word));
    }

    /** Returns the same section, whose faults harm {@code service} only. */
    ExtraSection of(String service) {
        return new ExtraSection(
                of(title, service),
                lines.stream().map(line -> of(line, service)).toList(),
                where.of(service));
    }

    private static Line of(Line line, String service) {
        return new Line(line.text(), line.words(), line.where().of(service));
    }
}

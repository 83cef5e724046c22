package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the lines of the {@code global} section say.
 *
 * @param maxConnections how many clients there may be at all listeners together, 0 for any number
 * @param withoutEffect the first words of the lines that mean nothing here
 */
public record GlobalLines(int maxConnections, Set<String> withoutEffect) {
    /** Returns what {@code lines} add up to, the later overriding the earlier; what cannot be read is reported. */
    public static GlobalLines of(List<Line> lines, Problems problems) {
        int maxConnections = 0;
        Set<String> withoutEffect = new TreeSet<>();
        for (Line line : lines) {
            if (line.startsWith("maxconn")) {
                maxConnections = maxConnections(line, problems);
            } else if (!GlobalLogs.understands(line)
                    && !StatsSocketLine.matches(line)
                    && !StatsSocketLine.isOfNoConcern(line)) {
                withoutEffect.add(line.word(0));
            }
        }
        return new GlobalLines(maxConnections, withoutEffect);
    }

    private static int maxConnections(Line line, Problems problems) {
        try {
            return Quantity.number(line.word(1), 0, Quantity.MOST);
        } catch (MalformedLineException e) {
            line.error(problems, e.reason(), e.expected());
            return 0;
        }
    }
}

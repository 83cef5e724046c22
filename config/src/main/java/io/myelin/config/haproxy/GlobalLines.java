package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.health.CheckConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the lines of the {@code global} section say.
 *
 * @param maxConnections how many clients there may be at all listeners together, 0 for any number
 * @param spreadPercent by how much intervals of checks may differ, 0..50
 * @param headBytes how long a request's head may be at least, 0 if nothing says it
 * @param withoutEffect the first words of the lines that mean nothing here
 */
public record GlobalLines(int maxConnections, int spreadPercent, int headBytes, Set<String> withoutEffect) {
    private static final String CONNECTIONS = "maxconn";
    private static final String SPREAD = "spread-checks";
    private static final String BUFFER = "tune.bufsize";
    private static final int SMALLEST_BUFFER = 1_024;
    private static final int LARGEST_BUFFER = 16 * 1024 * 1024;

    /** Returns what {@code lines} add up to, the later overriding the earlier; what cannot be read is reported. */
    public static GlobalLines of(List<Line> lines, Problems problems) {
        Map<String, Integer> numbers = new HashMap<>();
        Set<String> withoutEffect = new TreeSet<>();
        for (Line line : lines) {
            switch (line.word(0)) {
                case CONNECTIONS -> read(line, 0, Quantity.MOST, numbers, problems);
                case SPREAD -> read(line, 0, 50, numbers, problems);
                case BUFFER -> read(line, SMALLEST_BUFFER, LARGEST_BUFFER, numbers, problems);
                default -> {
                    if (!isOfOthers(line)) {
                        withoutEffect.add(line.word(0));
                    }
                }
            }
        }
        return new GlobalLines(
                numbers.getOrDefault(CONNECTIONS, 0),
                numbers.getOrDefault(SPREAD, CheckConfig.DEFAULT_SPREAD),
                numbers.getOrDefault(BUFFER, 0),
                withoutEffect);
    }

    private static boolean isOfOthers(Line line) {
        return GlobalLogs.understands(line) || StatsSocketLine.matches(line) || StatsSocketLine.isOfNoConcern(line);
    }

    private static void read(Line line, int min, int max, Map<String, Integer> numbers, Problems problems) {
        try {
            numbers.put(line.word(0), Quantity.number(line.word(1), min, max));
        } catch (MalformedLineException e) {
            line.error(problems, e.reason(), e.expected());
        }
    }
}

package io.myelin.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A comparison as two Markdown tables: ratios, then the figures themselves.
 *
 * @param subject the contender that is divided by each of the others
 */
record MarkdownReport(Comparison comparison, String subject) {
    @Override
    public String toString() {
        return ratios() + "\n" + figures();
    }

    private String ratios() {
        List<String> rows = new ArrayList<>();
        for (String workload : comparison.workloads()) {
            List<String> contenders = comparison.contenders(workload);
            if (contenders.contains(subject)) {
                contenders.stream()
                        .filter(other -> !other.equals(subject))
                        .forEach(other -> rows.add(row(
                                Stream.of(workload, subject + "/" + other), figure -> ratio(workload, other, figure))));
            }
        }
        return rows.isEmpty()
                ? "No ratios: " + subject + " was not measured.\n"
                : "Ratios: median of the rounds (smallest-largest). Below 1 is better for " + subject
                        + ", except for requests/s.\n\n" + table(List.of("workload", "ratio"), List.of(), rows);
    }

    private String figures() {
        List<String> rows = new ArrayList<>();
        for (String workload : comparison.workloads()) {
            for (String contender : comparison.contenders(workload)) {
                Spread errors = comparison.spread(workload, contender, Sample::errors);
                rows.add(row(Stream.of(workload, contender), figure -> median(workload, contender, figure))
                        + String.format(Locale.ROOT, " %.0f |", errors.max()));
            }
        }
        return "Figures: medians of the rounds; times in microseconds; errors of the worst round.\n\n"
                + table(List.of("workload", "contender"), List.of("errors"), rows);
    }

    private String ratio(String workload, String other, Figure figure) {
        Spread ratio = comparison.ratio(workload, subject, other, figure.of());
        return ratio == null ? "-" : ratio.toString();
    }

    private String median(String workload, String contender, Figure figure) {
        double median = comparison.spread(workload, contender, figure.of()).median();
        return String.format(Locale.ROOT, median < 1_000 ? "%.1f" : "%.0f", median);
    }

    private static String row(Stream<String> names, Function<Figure, String> cell) {
        return Stream.concat(names, Stream.of(Figure.values()).map(cell))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String table(List<String> first, List<String> last, List<String> rows) {
        List<String> titles = new ArrayList<>(first);
        Stream.of(Figure.values()).map(Figure::title).forEach(titles::add);
        titles.addAll(last);
        String rule = "|" + "---|".repeat(first.size()) + "--:|".repeat(titles.size() - first.size());
        return "| " + String.join(" | ", titles) + " |\n" + rule + "\n" + String.join("\n", rows) + "\n";
    }
}

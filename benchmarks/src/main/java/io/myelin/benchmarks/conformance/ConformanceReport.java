package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Suite.Result;
import io.myelin.benchmarks.conformance.Verdict.Grade;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of the cases, as Markdown.
 *
 * @param results by contender, in the order of the columns; all of the same cases
 */
record ConformanceReport(Map<String, List<Result>> results) {
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(table());
        for (Grade grade : List.of(Grade.UNSAFE, Grade.FAIL, Grade.DIFFERS)) {
            results.forEach((name, of) -> out.append(list(name, grade, of)));
        }
        return out.toString();
    }

    private String table() {
        StringBuilder out = new StringBuilder("| Category | Cases |");
        results.keySet().forEach(name -> out.append(' ').append(name).append(" |"));
        out.append("\n|---|--:|").append("--:|".repeat(results.size())).append('\n');
        for (String category : categories()) {
            out.append(row(category, category));
        }
        return out.append(row("**all**", "")).append('\n').toString();
    }

    private List<String> categories() {
        return results.values().stream()
                .flatMap(List::stream)
                .map(Result::category)
                .distinct()
                .toList();
    }

    /** Returns the row of a category, or of all if that is empty. */
    private String row(String title, String category) {
        StringBuilder row = new StringBuilder();
        int cases = 0;
        for (List<Result> of : results.values()) {
            List<Result> those = of.stream()
                    .filter(result -> category.isEmpty() || result.category().equals(category))
                    .toList();
            cases = those.size();
            row.append(' ').append(cell(those)).append(" |");
        }
        return "| " + title + " | " + cases + " |" + row + "\n";
    }

    private static String cell(List<Result> those) {
        List<String> words = new ArrayList<>(List.of(count(those, Grade.PASS) + ""));
        for (Grade grade : List.of(Grade.DIFFERS, Grade.FAIL, Grade.UNSAFE)) {
            long count = count(those, grade);
            if (count > 0) {
                words.add(count + " " + word(grade));
            }
        }
        return String.join(", ", words);
    }

    private static String word(Grade grade) {
        return switch (grade) {
            case PASS -> "passed";
            case DIFFERS -> "differ";
            case FAIL -> "fail";
            case UNSAFE -> "unsafe";
        };
    }

    private static long count(List<Result> those, Grade grade) {
        return those.stream()
                .filter(result -> result.verdict().grade() == grade)
                .count();
    }

    private static String list(String name, Grade grade, List<Result> of) {
        StringBuilder list = new StringBuilder();
        for (Result result : of) {
            if (result.verdict().grade() == grade) {
                list.append("- ")
                        .append(result.category())
                        .append(": ")
                        .append(Escapes.encode(result.conversation().name()))
                        .append(": *")
                        .append(result.verdict().reason())
                        .append("*\n");
            }
        }
        return list.length() == 0 ? "" : "\n" + name + ", " + word(grade) + ":\n\n" + list;
    }
}

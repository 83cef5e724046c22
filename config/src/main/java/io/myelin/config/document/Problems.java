package io.myelin.config.document;

import io.myelin.config.Problem;
import io.myelin.config.Problem.Severity;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Everything found wrong so far, each thing once. */
public final class Problems {
    private static final int LONGEST = 500;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Set<Problem> found = new LinkedHashSet<>();
    private final Set<String> broken = new HashSet<>();

    public Problems() {}

    /** Creates a list that begins with what was found earlier. */
    public Problems(List<Problem> earlier) {
        earlier.forEach(this::add);
    }

    public void error(Where where, String message, String expected) {
        add(Severity.ERROR, where, message, expected);
    }

    public void warning(Where where, String message) {
        add(Severity.WARNING, where, message, "");
    }

    private void add(Severity severity, Where where, String message, String expected) {
        Place place = where.place();
        Problem problem = new Problem(
                severity,
                place.file(),
                place.line(),
                place.column(),
                printable(where.key()),
                printable(message),
                expected,
                where.service());
        add(problem);
    }

    private void add(Problem problem) {
        found.add(problem);
        if (problem.severity() == Severity.ERROR) {
            broken.add(problem.service());
        }
    }

    /** Returns {@code text} as one line of bearable length, since it may quote a whole file. */
    private static String printable(String text) {
        String line = CONTROL.matcher(text).replaceAll("?");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    /** Returns whether {@code service} has an error of its own. */
    public boolean broke(String service) {
        return broken.contains(service);
    }

    /** Returns what was found, by file in the order given, then by position. */
    public List<Problem> inOrderOf(List<String> files) {
        Map<String, Integer> order = new HashMap<>();
        files.forEach(file -> order.putIfAbsent(file, order.size()));
        return found.stream()
                .sorted(Comparator.comparing((Problem problem) -> order.getOrDefault(problem.file(), order.size()))
                        .thenComparing(Problem::line)
                        .thenComparing(Problem::column))
                .toList();
    }
}

package io.myelin.endtoend;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One scrape.
 *
 * @param series the values by name with labels, as written
 */
record Metrics(Map<String, Double> series) {
    static Metrics parse(String text) {
        Map<String, Double> series = new LinkedHashMap<>();
        text.lines().filter(line -> !line.isEmpty() && !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            series.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        });
        return new Metrics(series);
    }

    /** Returns the sum of the series of that name whose labels contain all of {@code labels}, such as {@code a="b"}. */
    double sum(String name, String... labels) {
        return matching(name, labels).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** Returns the series of that name whose labels contain all of {@code labels}. */
    Map<String, Double> matching(String name, String... labels) {
        Map<String, Double> found = series.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "{"))
                .filter(entry -> List.of(labels).stream().allMatch(entry.getKey()::contains))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (found.isEmpty()) {
            throw new AssertionError("no series " + name + " with " + List.of(labels) + " in " + series.keySet());
        }
        return found;
    }
}

package io.myelin.config.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map.
 *
 * @param entries in file order, with unique keys
 * @param repeated the entries whose key an earlier one has
 */
public record Mapping(Place place, List<Entry> entries, List<Entry> repeated) implements Node {
    /** A key and its value. */
    public record Entry(Scalar key, Node value) {
        public String name() {
            return key.text();
        }
    }

    public Mapping {
        entries = List.copyOf(entries);
        repeated = List.copyOf(repeated);
    }

    /** Returns a map of which the first of several entries with one key counts. */
    public static Mapping of(Place place, List<Entry> written) {
        Map<String, Entry> unique = new LinkedHashMap<>();
        List<Entry> repeated = new ArrayList<>();
        for (Entry entry : written) {
            if (unique.putIfAbsent(entry.name(), entry) != null) {
                repeated.add(entry);
            }
        }
        return new Mapping(place, List.copyOf(unique.values()), repeated);
    }

    /** Returns this map with {@code others} instead of its own entries of the same keys. */
    public Mapping with(List<Entry> others) {
        Map<String, Entry> merged = new LinkedHashMap<>();
        entries.forEach(entry -> merged.put(entry.name(), entry));
        others.forEach(entry -> merged.put(entry.name(), entry));
        return new Mapping(place, List.copyOf(merged.values()), repeated);
    }

    public @Nullable Entry entry(String key) {
        for (Entry entry : entries) {
            if (entry.name().equals(key)) {
                return entry;
            }
        }
        return null;
    }

    @Override
    public String kind() {
        return "a map";
    }
}

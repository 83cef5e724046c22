package io.myelin.config.reader;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values that count, as they are shown: nested maps in the order in which they were put. */
@OwnedBy(Owner.BUILDER)
final class SynseValues {
    /** Stands for what is not shown. */
    static final String HIDDEN = "(hidden)";

    private final Map<String, Object> tree = new LinkedHashMap<>();

    SynseValues() {}

    /** Puts {@code value} at {@code path} and returns it. */
    <T> T put(String path, T value) {
        String[] names = path.split("\\.", -1);
        Map<String, Object> map = tree;
        for (int i = 0; i < names.length - 1; i++) {
            map = inner(map, names[i]);
        }
        map.put(names[names.length - 1], value instanceof Duration time ? SynseSeconds.number(time) : value);
        return value;
    }

    Map<String, Object> tree() {
        return tree;
    }

    @SuppressWarnings("unchecked") // only this class puts maps into the tree
    private static Map<String, Object> inner(Map<String, Object> map, String name) {
        return (Map<String, Object>) map.computeIfAbsent(name, absent -> new LinkedHashMap<String, Object>());
    }
}

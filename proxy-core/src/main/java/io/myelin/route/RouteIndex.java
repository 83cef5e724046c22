package io.myelin.route;

import io.myelin.route.Condition.All;
import io.myelin.route.Condition.Any;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.TextKey.Place;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the first of many conditions that holds for a request, without asking each. Immutable. */
final class RouteIndex {
    /*
     * A condition that can hold only if one of a few texts stands in a certain place of the request is filed under
     * those texts. A lookup asks the conditions filed under what the request holds, and those that cannot be filed,
     * each group in order and none past the best answer so far: the answer is the one of asking all in order.
     *
     * Of the parts of an All, one is enough to file it by: the one whose texts the fewest conditions share. An Any is
     * filed under the texts of all its parts. A Not cannot be filed.
     */
    private static final int WORTH_FILING = 4;

    private final Condition[] conditions;
    private final TextIndex[] filed;
    private final int[] unfiled;

    /** Creates the index of {@code conditions}, the first of which wins. */
    RouteIndex(Condition[] conditions) {
        this.conditions = conditions;
        Map<TextKey, Integer> popularity = conditions.length > WORTH_FILING ? popularity(conditions) : Map.of();
        Map<Part, Map<Place, Map<String, List<Integer>>>> files = new EnumMap<>(Part.class);
        List<Integer> others = new ArrayList<>();
        for (int number = 0; number < conditions.length; number++) {
            Set<TextKey> keys = conditions.length > WORTH_FILING ? keys(conditions[number], popularity) : null;
            if (keys == null) {
                others.add(number);
            } else {
                for (TextKey key : keys) {
                    files.computeIfAbsent(key.part(), part -> new EnumMap<>(Place.class))
                            .computeIfAbsent(key.place(), place -> new TreeMap<>())
                            .computeIfAbsent(key.text(), text -> new ArrayList<>())
                            .add(number);
                }
            }
        }
        filed = files.entrySet().stream()
                .flatMap(part -> part.getValue().entrySet().stream()
                        .map(place -> new TextIndex(part.getKey(), place.getKey(), place.getValue(), conditions)))
                .toArray(TextIndex[]::new);
        unfiled = others.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the number of the first condition that holds, the count of conditions if none does. */
    int first(RequestView request) {
        int first = conditions.length;
        for (TextIndex index : filed) {
            first = index.first(request, first);
        }
        for (int number : unfiled) {
            if (number >= first) {
                return first;
            }
            if (conditions[number].holds(request)) {
                return number;
            }
        }
        return first;
    }

    private static Map<TextKey, Integer> popularity(Condition[] conditions) {
        Map<TextKey, Integer> popularity = new HashMap<>();
        for (Condition condition : conditions) {
            Set<TextKey> mentioned = new HashSet<>();
            mention(condition, mentioned);
            mentioned.forEach(key -> popularity.merge(key, 1, Integer::sum));
        }
        return popularity;
    }

    private static void mention(Condition condition, Set<TextKey> mentioned) {
        if (condition instanceof All all) {
            all.conditions().forEach(part -> mention(part, mentioned));
        } else if (condition instanceof Any any) {
            any.conditions().forEach(part -> mention(part, mentioned));
        } else if (condition instanceof Text text) {
            for (String each : text.texts()) {
                TextKey key = TextKey.of(text, each);
                if (key != null) {
                    mentioned.add(key);
                }
            }
        }
    }

    /** Returns texts of which one is in every request that {@code condition} holds for, {@code null} if none are. */
    private static @Nullable Set<TextKey> keys(Condition condition, Map<TextKey, Integer> popularity) {
        if (condition instanceof All all) {
            return rarest(all, popularity);
        }
        if (condition instanceof Any any) {
            return united(any, popularity);
        }
        return condition instanceof Text text ? texts(text) : null;
    }

    private static @Nullable Set<TextKey> rarest(All all, Map<TextKey, Integer> popularity) {
        Set<TextKey> rarest = null;
        for (Condition part : all.conditions()) {
            Set<TextKey> keys = keys(part, popularity);
            if (keys != null && (rarest == null || crowd(keys, popularity) < crowd(rarest, popularity))) {
                rarest = keys;
            }
        }
        return rarest;
    }

    private static int crowd(Set<TextKey> keys, Map<TextKey, Integer> popularity) {
        return keys.stream()
                .mapToInt(key -> popularity.getOrDefault(key, 0))
                .max()
                .orElse(0);
    }

    private static @Nullable Set<TextKey> united(Any any, Map<TextKey, Integer> popularity) {
        Set<TextKey> united = new HashSet<>();
        for (Condition part : any.conditions()) {
            Set<TextKey> keys = keys(part, popularity);
            if (keys == null) {
                return null;
            }
            united.addAll(keys);
        }
        return united;
    }

    private static @Nullable Set<TextKey> texts(Text condition) {
        Set<TextKey> keys = new HashSet<>();
        for (String text : condition.texts()) {
            TextKey key = TextKey.of(condition, text);
            if (key == null) {
                return null;
            }
            keys.add(key);
        }
        return keys;
    }
}

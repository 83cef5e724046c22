package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The services that take the place of one with {@code load_test_concurrency: N}: {@code NAME_0} to {@code NAME_N-1},
 * each of which follows the registry for itself. The first one has the port and the routes; all have the same members.
 */
final class LoadTestCopies {
    static final String KEY = "load_test_concurrency";
    private static final int MOST = 1000;

    private final Problems problems;

    /** The names of the further copies, by that of the first one. */
    private final Map<String, List<String>> furtherCopies = new LinkedHashMap<>();

    LoadTestCopies(Problems problems) {
        this.problems = problems;
    }

    /** Returns the names of the services that {@code entry} defines: its own, or those of its copies. */
    List<String> namesOf(Entry entry, Where where) {
        if (!(entry.value() instanceof Mapping mapping) || mapping.entry(KEY) == null) {
            return List.of(entry.name());
        }
        Integer copies = new Section(mapping, where, problems).number(KEY, 0, MOST);
        if (copies == null) {
            return List.of(entry.name());
        }
        List<String> names =
                IntStream.range(0, copies).mapToObj(i -> entry.name() + "_" + i).toList();
        if (!names.isEmpty()) {
            furtherCopies.put(names.get(0), names.subList(1, names.size()));
        }
        return names;
    }

    /** Returns {@code draft}, followed by its copies. */
    List<ServiceDraft> withCopies(ServiceDraft draft) {
        List<ServiceDraft> drafts = new ArrayList<>();
        drafts.add(draft);
        furtherCopiesOf(draft).forEach(name -> drafts.add(draft.copy(name)));
        return drafts;
    }

    /** Returns whether {@code service} is a copy, to which no traffic is meant to come. */
    boolean isFurtherCopy(String service) {
        return furtherCopies.values().stream().anyMatch(names -> names.contains(service));
    }

    /** Reports that the copies of broken services are broken, too. */
    void reportBroken(List<ServiceDraft> drafts) {
        for (ServiceDraft draft : drafts) {
            if (problems.broke(draft.name())) {
                furtherCopiesOf(draft)
                        .forEach(name -> problems.error(
                                draft.where().of(name), name + " is a copy of a service that cannot be used", ""));
            }
        }
    }

    private List<String> furtherCopiesOf(ServiceDraft draft) {
        return furtherCopies.getOrDefault(draft.name(), List.of());
    }
}

package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.reader.Section.Item;
import io.myelin.pool.LabelFilter;
import io.myelin.pool.Selection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads which of a service's endpoints are used: {@code label_filters} and {@code leader_election}. */
final class SelectionReader {
    private static final String FORM = "a map of label, value and condition";

    private final Problems problems;

    SelectionReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * Returns what the keys say.
     *
     * @param discovery the section with the filters, {@code null} if there is none
     */
    Selection read(Section service, @Nullable Section discovery) {
        List<LabelFilter> filters = new ArrayList<>();
        if (discovery != null) {
            read(discovery, "label_filter", filters);
            read(discovery, "label_filters", filters);
        }
        return new Selection(filters, service.flag("leader_election", false));
    }

    private void read(Section discovery, String key, List<LabelFilter> filters) {
        for (Item item : discovery.items(key)) {
            Section section = Section.of(item.node(), item.where(), problems);
            LabelFilter filter = section == null ? null : filter(section);
            if (filter != null) {
                filters.add(filter);
            }
        }
    }

    private @Nullable LabelFilter filter(Section section) {
        section.allow(Keys.LABEL_FILTER);
        for (String key : List.of("label", "condition")) {
            if (!section.has(key)) {
                problems.error(section.where(), "has no " + key, FORM);
            }
        }
        String label = section.text("label");
        String condition = section.text("condition", "equals|not-equals", "equals or not-equals");
        String value = section.text("value");
        if (!section.mentions("value")) {
            problems.warning(
                    section.where(),
                    "has no value: it compares with endpoints that do not have the label; `value: null` says so");
        }
        return label == null || condition == null ? null : new LabelFilter(label, value, condition.equals("equals"));
    }
}

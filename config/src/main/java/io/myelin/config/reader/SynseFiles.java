package io.myelin.config.reader;

import io.myelin.config.SynseConfig;
import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What says which plugins there are: one file of Synse's, or one section of a file of Myelin's. */
@OwnedBy(Owner.BUILDER)
final class SynseFiles {
    private final Problems problems;
    private @Nullable Section section;

    SynseFiles(Problems problems) {
        this.problems = problems;
    }

    /** Returns the keys, {@code null} if no file has any. */
    @Nullable
    Section section() {
        return section;
    }

    /** Adds a file of Synse's. */
    void add(Mapping document) {
        List<Entry> own = document.entries().stream()
                .filter(entry -> SynseFile.owns(entry.name()))
                .toList();
        Mapping mapping = new Mapping(document.place(), own, List.of());
        add(mapping, new Where(document.place(), "", SynseConfig.NAME));
    }

    /** Adds the section {@code synse} of another file. */
    void add(Entry entry, boolean absent) {
        Where where = new Where(entry.key().place(), entry.name(), SynseConfig.NAME);
        if (absent) {
            add(new Mapping(entry.key().place(), List.of(), List.of()), where);
        } else if (entry.value() instanceof Mapping mapping) {
            add(mapping, where);
        } else {
            problems.error(where, "is " + entry.value().kind(), "a map");
        }
    }

    private void add(Mapping mapping, Where where) {
        Section first = section;
        if (first == null) {
            section = new Section(mapping, where, problems);
        } else {
            problems.error(
                    where,
                    "what Synse reads may be there once, and is already at "
                            + first.where().place(),
                    "once");
        }
    }

    /** Reports a key that neither Synse nor Myelin has at the top of a file. */
    void unexpected(Mapping document, Entry entry) {
        new Section(document, new Where(document.place(), "", SynseConfig.NAME), problems)
                .unknown(entry, SynseKeys.TOP.and(Keys.TOP));
    }
}

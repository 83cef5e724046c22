package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Node;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Sequence;
import io.myelin.config.document.Where;

/** Reports keys that one map has twice. */
final class Repetitions {
    private static final String SERVICES = "services";

    private final Problems problems;

    private Repetitions(Problems problems) {
        this.problems = problems;
    }

    static void report(Mapping document, Problems problems) {
        report(document, new Where(document.place(), "", ""), problems);
    }

    /** The same for a map that is said to be at {@code where}. */
    static void report(Mapping mapping, Where where, Problems problems) {
        new Repetitions(problems).visit(mapping, where);
    }

    private void visit(Node node, Where where) {
        if (node instanceof Mapping mapping) {
            mapping.repeated().forEach(entry -> report(mapping, entry, where));
            mapping.entries().forEach(entry -> visit(entry.value(), child(where, entry)));
        } else if (node instanceof Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                Node item = sequence.items().get(i);
                visit(item, where.item(i, item.place()));
            }
        }
    }

    private void report(Mapping mapping, Entry second, Where where) {
        Entry first = mapping.entry(second.name());
        String place = first == null ? "" : " at " + first.key().place();
        String what = where.key().equals(SERVICES) ? "is defined twice, first" : "is set twice, first";
        problems.error(child(where, second), what + place, "once");
    }

    private static Where child(Where where, Entry entry) {
        Where child = where.child(entry.name(), entry.key().place());
        return where.key().equals(SERVICES) ? child.of(entry.name()) : child;
    }
}

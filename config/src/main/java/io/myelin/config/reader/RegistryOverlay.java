package io.myelin.config.reader;

import io.myelin.config.Problem;
import io.myelin.config.Problem.Severity;
import io.myelin.config.document.DocumentReader;
import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Node;
import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lays the configuration that a registry keeps for a service over what the files say of it: sections of the service by
 * name, as {@code {"haproxy": {"port": 80}}}. A key of such a section wins over the same key of the same section in a
 * file; all other keys stay.
 */
final class RegistryOverlay {
    private static final List<String> SECTIONS = List.of("haproxy", "file_output", "nginx");

    private final Problems problems;

    RegistryOverlay(Problems problems) {
        this.problems = problems;
    }

    /** Returns what problems call the text that a registry keeps for {@code service}, in place of a file. */
    static String nameOf(String service) {
        return "registry configuration of " + service;
    }

    /**
     * Returns whether {@code text} is meant to be configuration: a map, or what begins as one in JSON and may be
     * broken. Clients that create the parents of a znode may leave other things in them, such as the address of their
     * host.
     */
    static boolean isMeantBy(String text) {
        return text.stripLeading().startsWith("{")
                || new DocumentReader(new Problems(), variable -> null).parse("registry", text) != null;
    }

    /** Returns {@code file}, the section of {@code service}, with what {@code text} says instead. */
    Section over(Section file, String service, String text) {
        Mapping said = parse(service, text);
        if (said == null) {
            return file;
        }
        List<Entry> laidOver = new ArrayList<>();
        for (Entry entry : said.entries()) {
            Where where = file.where().child(entry.name(), entry.key().place());
            if (!SECTIONS.contains(entry.name())) {
                problems.error(where, "unknown section", "one of " + String.join(", ", SECTIONS));
            } else if (entry.value() instanceof Mapping section) {
                laidOver.add(new Entry(entry.key(), merge(file.node(entry.name()), section)));
            } else {
                problems.error(where, "is " + entry.value().kind(), "a map");
            }
        }
        return file.with(laidOver);
    }

    private static Mapping merge(@Nullable Node inFile, Mapping said) {
        if (!(inFile instanceof Mapping section)) {
            return said;
        }
        return section.with(said.entries());
    }

    /**
     * Returns the map that {@code text} holds, {@code null} if it holds none, which harms the service only. No template
     * in it learns of the environment of this process.
     */
    private @Nullable Mapping parse(String service, String text) {
        Problems own = new Problems();
        Mapping said = new DocumentReader(own, variable -> null).parse(nameOf(service), text);
        if (said != null) {
            Repetitions.report(said, own);
        }
        for (Problem problem : own.inOrderOf(List.of())) {
            Place place = new Place(problem.file(), problem.line(), problem.column());
            if (problem.severity() == Severity.ERROR) {
                problems.error(new Where(place, problem.key(), service), problem.message(), problem.expected());
            }
        }
        return said;
    }
}

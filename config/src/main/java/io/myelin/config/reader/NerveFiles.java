package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Node;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.reader.ServiceDirectory.ServiceFile;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What files of Nerve's hold, put together: services to announce, and what is said once for all of them. */
@OwnedBy(Owner.BUILDER)
final class NerveFiles {
    private final ServiceDirectory directory;
    private final Problems problems;
    private final Map<String, Section> inline = new LinkedHashMap<>();
    private final Map<String, Section> ofDirectories = new LinkedHashMap<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, Scalar> settings = new LinkedHashMap<>();
    private @Nullable Section statsd;
    private @Nullable Where where;

    NerveFiles(ServiceDirectory directory, Problems problems) {
        this.directory = directory;
        this.problems = problems;
    }

    /** Returns what a problem with the announcement of {@code service} harms. */
    static String subject(String service) {
        return "announce " + service;
    }

    /** Returns whether there was any such file. */
    boolean present() {
        return where != null;
    }

    /** Returns the place of the first such file. */
    @Nullable
    Where where() {
        return where;
    }

    /** Returns the names of all services, those that cannot be read included. */
    Set<String> names() {
        return names;
    }

    /** Returns all services; what a file of a directory says counts more than what is inline. */
    Map<String, Section> services() {
        Map<String, Section> services = new LinkedHashMap<>(inline);
        services.putAll(ofDirectories);
        return services;
    }

    /** Returns the value of a top-level key, {@code null} if no file has it. */
    @Nullable
    Scalar setting(String key) {
        return settings.get(key);
    }

    /** Returns where Nerve's metrics are to be sent, {@code null} if no file says so. */
    @Nullable
    Section statsd() {
        return statsd;
    }

    /** Adds one of the keys that {@link NerveFile#owns}. */
    void add(Mapping document, Entry entry) {
        if (where == null) {
            where = new Where(document.place(), "", "");
        }
        Where key = new Where(entry.key().place(), entry.name(), "");
        if (entry.value() instanceof Scalar scalar && scalar.absent()) {
            return;
        }
        switch (entry.name()) {
            case "services" ->
                addServices(entry.value(), new Where(entry.value().place(), entry.name(), ""));
            case "service_conf_dir" -> addDirectory(entry, key);
            case "statsd" -> addStatsd(entry, key);
            default -> addSetting(entry, key);
        }
    }

    private void addStatsd(Entry entry, Where key) {
        if (statsd != null) {
            problems.error(key, "may be there once", "once");
        } else {
            statsd = Section.of(entry.value(), key, problems);
        }
    }

    private void addSetting(Entry entry, Where key) {
        if (!(entry.value() instanceof Scalar scalar)) {
            problems.error(key, "is " + entry.value().kind(), "a text");
        } else if (settings.putIfAbsent(entry.name(), scalar) != null) {
            problems.error(key, "may be there once", "once");
        }
    }

    private void addServices(Node node, Where place) {
        Section section = Section.of(node, place, problems);
        if (section != null) {
            for (Entry entry : section.entries()) {
                addService(
                        entry.name(),
                        entry.value(),
                        place.child(entry.name(), entry.key().place()));
            }
        }
    }

    private void addService(String name, Node node, Where place) {
        Where own = place.of(subject(name));
        names.add(name);
        Section first = inline.get(name);
        if (name.isBlank()) {
            problems.error(place, "has no name", "a name");
        } else if (first != null) {
            problems.error(own, "is defined twice, first at " + first.where().place(), "once");
        } else if (node instanceof Mapping mapping) {
            inline.put(name, new Section(mapping, own, problems));
        } else {
            problems.error(own, "is " + node.kind(), "a map");
        }
    }

    /** Adds one service for each file, named as the file. */
    private void addDirectory(Entry entry, Where key) {
        if (!(entry.value() instanceof Scalar scalar)) {
            problems.error(key, "is " + entry.value().kind(), "a directory with a file for each service");
            return;
        }
        for (ServiceFile file : directory.read(scalar, key, NerveFiles::subject)) {
            names.add(file.service());
            Mapping content = file.content();
            if (content != null) {
                ofDirectories.put(file.service(), new Section(content, file.where(), problems));
            }
        }
    }
}

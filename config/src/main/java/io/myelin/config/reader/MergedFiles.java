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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The top-level sections of all files, put together. */
@OwnedBy(Owner.BUILDER)
final class MergedFiles {

    private final Problems problems;
    private final Map<String, Section> services = new LinkedHashMap<>();
    private final Map<String, Section> frontends = new LinkedHashMap<>();
    private final Map<String, Section> single = new HashMap<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final LoadTestCopies copies;
    private final List<ServiceFile> serviceFiles = new ArrayList<>();
    private final ServiceDirectory directory;
    private boolean strict;
    private final NerveFiles nerve;
    private final TyeFiles tye;
    private final SynseFiles synse;

    MergedFiles(ServiceDirectory directory, Surroundings surroundings, Problems problems) {
        this.directory = directory;
        this.problems = problems;
        this.copies = new LoadTestCopies(problems);
        this.nerve = new NerveFiles(directory, problems);
        this.tye = new TyeFiles(surroundings, problems);
        this.synse = new SynseFiles(problems);
    }

    /** Adds the sections of {@code document}. */
    void add(Mapping document) {
        Repetitions.report(document, problems);
        boolean ofTye = TyeFile.is(document);
        boolean ofNerve = !ofTye && NerveFile.is(document);
        if (ofTye) {
            tye.add(document);
            names.addAll(tye.names());
        }
        boolean ofSynse = !ofTye && !ofNerve && SynseFile.is(document);
        if (ofSynse) {
            synse.add(document);
        }
        for (Entry entry : document.entries()) {
            Where where = new Where(entry.value().place(), entry.name(), "");
            boolean absent = entry.value() instanceof Scalar scalar && scalar.absent();
            if (ofNerve && NerveFile.owns(entry.name())) {
                nerve.add(document, entry);
                continue;
            }
            if ((ofTye && TyeFile.owns(entry.name())) || (ofSynse && SynseFile.owns(entry.name()))) {
                continue;
            }
            switch (entry.name()) {
                case "services" -> addServices(entry.value(), absent, where);
                case "frontends" -> addFrontends(entry.value(), absent, where);
                case "service_conf_dir" -> addDirectory(entry.value(), absent, where);
                case "synse" -> synse.add(entry, absent);
                case "strict" -> addStrict(entry.value(), absent, where);
                case "haproxy",
                        "admin",
                        "limits",
                        "access_log",
                        "reload",
                        "state_file",
                        "replicas",
                        "file_output",
                        "statsd",
                        "announce" -> addSingle(entry, absent, where);
                default -> {
                    if (ofSynse && isMeant(entry)) {
                        synse.unexpected(document, entry);
                    } else {
                        reportNotInterpreted(document, entry, ofTye);
                    }
                }
            }
        }
    }

    /** Adds the services that have files of their own, which count instead of those of the same name. */
    void addServiceFiles() {
        Map<String, ServiceFile> first = new HashMap<>();
        for (ServiceFile file : serviceFiles) {
            ServiceFile other = first.putIfAbsent(file.service(), file);
            if (other != null) {
                problems.error(
                        file.where(),
                        "is defined twice, first at " + other.where().place(),
                        "once");
            } else {
                addServiceFile(file);
            }
        }
    }

    private void addServiceFile(ServiceFile file) {
        Section inline = services.remove(file.service());
        if (inline != null) {
            problems.warning(
                    inline.where(),
                    "is not used: its file counts, " + file.where().place().file());
        }
        Mapping content = file.content();
        if (content == null) {
            names.add(file.service());
        } else {
            Repetitions.report(content, file.where(), problems);
            Entry entry = new Entry(new Scalar(file.where().place(), file.service(), true), content);
            List<String> defined = copies.namesOf(entry, file.where());
            names.addAll(defined);
            defined.stream()
                    .limit(1)
                    .forEach(name ->
                            services.put(name, new Section(content, file.where().of(name), problems)));
        }
    }

    /** Returns the files of services that have one each, in the order they were read. */
    List<String> serviceFiles() {
        return serviceFiles.stream().map(file -> file.where().place().file()).toList();
    }

    /** Returns whether one service that cannot be used stops all. */
    boolean strict() {
        return strict;
    }

    /** Lays what a registry keeps for {@code service} over what the files say of it. */
    void overlay(String service, String text) {
        services.computeIfPresent(service, (name, section) -> new RegistryOverlay(problems).over(section, name, text));
    }

    /** Returns the names of all services in file order, those that cannot be read included. */
    Set<String> names() {
        return names;
    }

    /** Returns the copies that there are of services. */
    LoadTestCopies copies() {
        return copies;
    }

    Map<String, Section> services() {
        return services;
    }

    /** Returns what files of Nerve's hold. */
    NerveFiles nerve() {
        return nerve;
    }

    /** Returns what files of Tye's hold. */
    TyeFiles tye() {
        return tye;
    }

    /** Returns what is said in Synse's words. */
    SynseFiles synse() {
        return synse;
    }

    Map<String, Section> frontends() {
        return frontends;
    }

    /** Returns the section of a key that the files may have once, {@code null} if none has it. */
    @Nullable
    Section single(String key) {
        return single.get(key);
    }

    private void addServices(Node node, boolean absent, Where where) {
        Section section = absent ? null : Section.of(node, where, problems);
        if (section == null) {
            return;
        }
        for (Entry entry : section.entries()) {
            Where service = where.child(entry.name(), entry.key().place());
            List<String> defined = copies.namesOf(entry, service.of(entry.name()));
            for (String name : defined) {
                if (!names.add(name) && copies.isFurtherCopy(name)) {
                    problems.error(service.of(name), name + " is the name of a service and of a copy", "another name");
                }
            }
            if (!defined.isEmpty()) {
                String first = defined.get(0);
                add(first, entry, service.of(first), services, "is defined twice, first at ");
            }
        }
    }

    private void addDirectory(Node node, boolean absent, Where where) {
        if (!absent && node instanceof Scalar scalar) {
            serviceFiles.addAll(directory.read(scalar, where));
        } else if (!absent) {
            problems.error(where, "is " + node.kind(), "a directory with a file for each service");
        }
    }

    private void addStrict(Node node, boolean absent, Where where) {
        if (!absent && node instanceof Scalar scalar) {
            strict |= Boolean.TRUE.equals(Values.flag(scalar, where, problems));
        } else if (!absent) {
            problems.error(where, "is " + node.kind(), "true or false");
        }
    }

    private void addFrontends(Node node, boolean absent, Where where) {
        Section section = absent ? null : Section.of(node, where, problems);
        if (section != null) {
            for (Entry entry : section.entries()) {
                Where frontend = where.child(entry.name(), entry.key().place());
                add(entry.name(), entry, frontend, frontends, "is defined twice, first at ");
            }
        }
    }

    private void addSingle(Entry entry, boolean absent, Where where) {
        if (!absent) {
            Where key = new Where(entry.key().place(), where.key(), "");
            add(entry.name(), entry, key, single, "may be there once, and is already at ");
        }
    }

    private void add(String name, Entry entry, Where where, Map<String, Section> sections, String twice) {
        if (name.isBlank()) {
            problems.error(where, "has no name", "a name");
            return;
        }
        Section first = sections.get(name);
        if (first != null) {
            problems.error(where, twice + first.where().place(), "once");
        } else if (entry.value() instanceof Mapping mapping) {
            sections.put(name, new Section(mapping, where, problems));
        } else {
            problems.error(where, "is " + entry.value().kind(), "a map");
        }
    }

    /** Returns whether the key is more than a place for anchors. */
    private static boolean isMeant(Entry entry) {
        return !entry.name().startsWith("x-") && !entry.name().startsWith(".");
    }

    private void reportNotInterpreted(Mapping document, Entry entry, boolean ofTye) {
        Where where = new Where(entry.key().place(), entry.name(), "");
        if (!isMeant(entry)) {
            return;
        } else if (ofTye) {
            tye.unexpected(document, entry);
        } else if (entry.value() instanceof Mapping && NearestKey.to(entry.name(), Keys.TOP.own()) == null) {
            problems.warning(where, "not interpreted: a section for another program than Myelin");
        } else {
            new Section(document, new Where(document.place(), "", ""), problems).unknown(entry, Keys.TOP);
        }
    }
}

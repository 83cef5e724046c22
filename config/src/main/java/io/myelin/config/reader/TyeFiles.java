package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.reader.Section.Item;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Tye's files hold, put together with the files that they include. */
@OwnedBy(Owner.BUILDER)
final class TyeFiles {
    private static final String NAME = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final int LONGEST_NAME = 63;
    private static final String NAME_FORMS = "a letter, then letters, digits and -, at most 63";
    private static final String INCLUDE = "include";
    private static final Map<String, String> CONSEQUENCES = Map.of(
            "solution", "Myelin builds nothing",
            "namespace", "Myelin deploys nothing",
            "registry", "Myelin deploys nothing",
            "network", "containers are reached through ports of this host",
            "extensions", "there are none");

    private final Surroundings surroundings;
    private final Problems problems;
    private final Map<String, Described> services = new LinkedHashMap<>();
    private final List<Section> ingress = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<Path> read = new HashSet<>();
    private @Nullable Section first;

    TyeFiles(Surroundings surroundings, Problems problems) {
        this.surroundings = surroundings;
        this.problems = problems;
    }

    /**
     * A service.
     *
     * @param folder of the file that it is in, where relative paths begin
     * @param engine which runs its containers, empty for whichever is installed
     */
    record Described(String name, Section section, Path folder, String engine) {}

    /** Returns whether there was any such file. */
    boolean present() {
        return first != null;
    }

    /** Returns the file that was given first, {@code null} if there was none. */
    @Nullable
    Section first() {
        return first;
    }

    /** Returns the names of all services, those that cannot be read included. */
    Set<String> names() {
        return names;
    }

    List<Described> services() {
        return List.copyOf(services.values());
    }

    List<Section> ingress() {
        return ingress;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /** Returns the application's name: what the first file says, or how its folder is called. */
    String name() {
        Section file = first;
        if (file == null) {
            return "";
        }
        String name = file.text("name");
        Path folder = TyeFile.folder(Path.of(file.where().place().file())).getFileName();
        return name != null ? name : folder == null ? "tye" : folder.toString().toLowerCase(Locale.ROOT);
    }

    /** Adds what a file holds that was given to the process. */
    void add(Mapping document) {
        Section file = section(document, "");
        if (first == null) {
            first = file;
        }
        Path path = TyeFile.path(document);
        if (read.add(path)) {
            file(file, path, List.of(path));
        }
        for (Item item : file.items("ingress")) {
            Section section = Section.of(item.node(), item.where(), problems);
            if (section != null) {
                ingress.add(section);
            }
        }
    }

    private Section section(Mapping document, String service) {
        return new Section(document, new Where(document.place(), "", service), problems);
    }

    private void file(Section file, Path path, List<Path> chain) {
        String engine = file.text("containerEngine", "docker|podman", "docker or podman");
        CONSEQUENCES.forEach((key, consequence) -> {
            if (file.has(key)) {
                problems.warning(file.whereKey(key), "has no effect: " + consequence);
            }
        });
        for (Item item : file.items("services")) {
            Section section = Section.of(item.node(), item.where(), problems);
            if (section != null) {
                service(section, path, engine == null ? "" : engine, chain);
            }
        }
    }

    private void service(Section section, Path file, String engine, List<Path> chain) {
        String name = name(section);
        Where where = new Where(section.where().place(), "services." + name, name);
        Section named = section.at(where);
        if (section.has(INCLUDE)) {
            include(named, name, file, chain);
            return;
        }
        names.add(name);
        Described other = services.putIfAbsent(name, new Described(name, named, TyeFile.folder(file), engine));
        if (other != null) {
            problems.error(
                    where,
                    "is defined twice, first at " + other.section().where().place(),
                    "once");
        }
    }

    /** Returns the name in lower case; without one, the place in the list stands for it. */
    private String name(Section section) {
        String written = section.text("name");
        if (written == null) {
            problems.error(section.where().of(section.where().key()), "has no name", NAME_FORMS);
            return section.where().key();
        }
        String name = written.toLowerCase(Locale.ROOT);
        if (!name.matches(NAME) || name.length() > LONGEST_NAME) {
            problems.error(section.where("name").of(name), written, NAME_FORMS);
        }
        return name;
    }

    private void include(Section section, String name, Path file, List<Path> chain) {
        Dialect.TYE.allow(section, Keys.of(List.of("name", INCLUDE), List.of("tags")));
        Path target = target(section, file);
        if (target == null || problems.broke(name)) {
            names.add(name);
            return;
        }
        if (chain.contains(target)) {
            String circle = chain.subList(chain.indexOf(target), chain.size()).stream()
                    .map(Path::toString)
                    .collect(Collectors.joining(" includes ", "", " includes " + target));
            problems.error(section.where(INCLUDE), "goes round in a circle: " + circle, "no circle");
            names.add(name);
            return;
        }
        if (!read.add(target)) {
            return;
        }
        Mapping document = surroundings.document(target, name);
        if (document == null) {
            names.add(name);
            problems.error(section.where(INCLUDE), target + " cannot be included", "a readable file of Tye's");
            return;
        }
        included(document, name, target, chain);
    }

    private void included(Mapping document, String name, Path path, List<Path> chain) {
        Repetitions.report(document, problems);
        Section file = section(document, name);
        Dialect.TYE.allow(file, TyeKeys.TOP);
        if (file.has("ingress")) {
            problems.warning(file.whereKey("ingress"), "is not used: only that of the file that is run is");
        }
        List<Path> longer = new ArrayList<>(chain);
        longer.add(path);
        file(file, path, longer);
        if (problems.broke(name)) {
            names.add(name);
        }
    }

    /** Returns the file that is included: the one named, or the one of Tye's in the directory named. */
    private @Nullable Path target(Section section, Path file) {
        String text = section.text(INCLUDE);
        try {
            Path target =
                    text == null ? null : TyeFile.folder(file).resolve(text).normalize();
            if (target != null && Files.isDirectory(target)) {
                Path yml = target.resolve("tye.yml");
                return Files.exists(yml) ? yml : target.resolve("tye.yaml");
            }
            return target;
        } catch (InvalidPathException e) {
            problems.error(section.where(INCLUDE), text + " is not a path", "the path of a file of Tye's");
            return null;
        }
    }

    /** Reports a key that neither Tye nor Myelin has at the top of a file. */
    void unexpected(Mapping document, Entry entry) {
        Place place = document.place();
        Dialect.unexpected(new Section(document, new Where(place, "", ""), problems), entry, TyeKeys.TOP.and(Keys.TOP));
    }
}

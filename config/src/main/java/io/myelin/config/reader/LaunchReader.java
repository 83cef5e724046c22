package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Sequence;
import io.myelin.config.reader.Section.Item;
import io.myelin.health.replica.Launch;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads how one replica of a service is started. */
final class LaunchReader {
    private static final String ASSEMBLY = ".dll";
    private static final String PATH_FORMS = "a path";

    private final Dialect dialect;
    private final String engine;
    private final Path folder;
    private final Problems problems;

    /**
     * @param engine which runs containers, empty for whichever is installed
     * @param folder where relative paths begin
     */
    LaunchReader(Dialect dialect, String engine, Path folder, Problems problems) {
        this.dialect = dialect;
        this.engine = engine;
        this.folder = folder;
        this.problems = problems;
    }

    /** Returns how a replica is started, {@code null} if neither {@code executable} nor {@code image} is there. */
    @Nullable
    Launch read(Section service) {
        if (service.has("executable") && service.has("image")) {
            problems.error(service.whereKey("image"), "is set beside executable", "one of them");
        }
        if (service.has("executable")) {
            return executable(service);
        }
        return service.has("image") ? container(service) : null;
    }

    private @Nullable Launch executable(Section service) {
        String text = service.text("executable");
        if (service.has("volumes")) {
            problems.warning(service.whereKey("volumes"), "has no effect: only containers have volumes");
        }
        String key = dialect.key("working_directory");
        Path directory = path(service, key, folder);
        if (directory != null && service.has(key) && !Files.isDirectory(directory)) {
            problems.error(service.where(key), directory + " is no directory", "a directory");
        }
        String args = args(service);
        if (text == null || directory == null) {
            return null;
        }
        String program = program(text, directory);
        return program.endsWith(ASSEMBLY)
                ? new Launch.Executable("dotnet", (quoted(program) + " " + args).strip(), directory)
                : new Launch.Executable(program, args, directory);
    }

    /** Returns a path if the text is one or there is such a file, otherwise the name, to be found in {@code PATH}. */
    private String program(String text, Path directory) {
        try {
            Path beside = folder.resolve(text).normalize();
            Path inside = directory.resolve(text).normalize();
            if (Files.isRegularFile(beside)) {
                return beside.toString();
            }
            boolean path = text.indexOf('/') >= 0 || Files.isRegularFile(inside);
            return path ? (Files.isRegularFile(inside) ? inside : beside).toString() : text;
        } catch (InvalidPathException e) {
            return text;
        }
    }

    private @Nullable Launch container(Section service) {
        String image = service.text("image", "\\S+", "the name of an image");
        String args = args(service);
        String key = dialect.key("working_directory");
        if (service.has(key)) {
            problems.warning(service.whereKey(key), "has no effect: the image says where its program runs");
        }
        List<String> volumes = new ArrayList<>();
        for (Item item : service.items("volumes")) {
            Section volume = Section.of(item.node(), item.where(), problems);
            String read = volume == null ? null : volume(volume);
            if (read != null) {
                volumes.add(read);
            }
        }
        return image == null ? null : new Launch.Container(engine, image, args, volumes);
    }

    private @Nullable String volume(Section volume) {
        dialect.allow(volume, ReplicaKeys.VOLUME);
        String target = volume.text("target", "[^:]+", "a path inside the container");
        String name = volume.text("name", "[0-9A-Za-z][0-9A-Za-z_.-]*", "the name of a volume");
        Path source = volume.has("source") ? path(volume, "source", folder) : null;
        if (volume.has("name") == volume.has("source") || !volume.has("target")) {
            problems.error(volume.where(), "has to say what is mounted where", "target, and source or name");
            return null;
        }
        String mounted = source == null ? name : source.toString();
        return mounted == null || target == null ? null : mounted + ":" + target;
    }

    /** Returns the arguments as one text; the words of a list are quoted where they have to be. */
    private static String args(Section service) {
        if (service.node("args") instanceof Sequence) {
            return service.texts("args").stream().map(LaunchReader::quoted).collect(Collectors.joining(" "));
        }
        String text = service.node("args") instanceof Scalar ? service.text("args") : null;
        if (text == null && service.has("args")) {
            service.problems().error(service.where("args"), "is a map", "a text");
        }
        return text == null ? "" : text;
    }

    private static String quoted(String word) {
        return word.isEmpty() || word.chars().anyMatch(c -> Character.isWhitespace(c) || c == '"')
                ? "\"" + word.replace("\"", "\\\"") + "\""
                : word;
    }

    private @Nullable Path path(Section section, String key, Path otherwise) {
        String text = section.text(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            problems.error(section.where(key), text + " is not a path", PATH_FORMS);
            return null;
        }
    }
}

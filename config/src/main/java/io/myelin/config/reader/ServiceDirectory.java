package io.myelin.config.reader;

import io.myelin.config.document.DocumentReader;
import io.myelin.config.document.Mapping;
import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the directory that {@code service_conf_dir} names: each of its files holds one service, which bears the name of
 * the file.
 */
final class ServiceDirectory {
    private static final Pattern FILE_NAME = Pattern.compile("([^.].*)\\.(json|yaml|yml)");

    private final DocumentReader documents;
    private final Problems problems;
    private final List<Path> places = new ArrayList<>();
    private final Map<Scalar, List<ServiceFile>> read = new HashMap<>();

    ServiceDirectory(DocumentReader documents, Problems problems) {
        this.documents = documents;
        this.problems = problems;
    }

    /**
     * A file of the directory.
     *
     * @param content {@code null} if it cannot be read
     */
    record ServiceFile(
            String service, Where where, @Nullable Mapping content) {}

    /** Returns the directories and files that were looked for so far. */
    List<Path> places() {
        return List.copyOf(places);
    }

    /**
     * Returns the files of the directory that {@code value}, said in a configuration file, names, by their names. One
     * that cannot be listed may hold anything, so that its error concerns all services. They are read once, however
     * often they are asked for.
     */
    List<ServiceFile> read(Scalar value, Where where) {
        return read(value, where, service -> service);
    }

    /**
     * The same.
     *
     * @param subject returns what a mistake in the file of a service harms
     */
    List<ServiceFile> read(Scalar value, Where where, UnaryOperator<String> subject) {
        List<ServiceFile> known = read.get(value);
        if (known == null) {
            known = readOnce(value, where, subject);
            read.put(value, known);
        }
        return known;
    }

    private List<ServiceFile> readOnce(Scalar value, Where where, UnaryOperator<String> subject) {
        List<ServiceFile> files = new ArrayList<>();
        for (Path path : list(value, where)) {
            Matcher name = FILE_NAME.matcher(path.getFileName().toString());
            if (name.matches() && Files.isRegularFile(path)) {
                places.add(path);
                files.add(file(path, name.group(1), subject.apply(name.group(1))));
            }
        }
        return files;
    }

    private ServiceFile file(Path path, String service, String harmed) {
        Place begin = new Place(path.toString(), 1, 1);
        return new ServiceFile(
                service, new Where(begin, "services." + service, harmed), documents.readService(path, harmed));
    }

    private List<Path> list(Scalar value, Where where) {
        Path directory = directory(value.text(), where);
        if (directory == null) {
            return List.of();
        }
        places.add(directory);
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (NotDirectoryException e) {
            problems.error(where, directory + " is not a directory", "a directory with a file for each service");
        } catch (IOException e) {
            String reason = Files.exists(directory) ? " cannot be read: " + e : " is not there";
            problems.error(where, directory + reason, "a directory with a file for each service");
        }
        return List.of();
    }

    /** Returns the directory: a relative path begins where the process does, as with Synapse, or beside the file. */
    private @Nullable Path directory(String text, Where where) {
        try {
            Path directory = Path.of(text);
            Path besideFile = Path.of(where.place().file()).resolveSibling(directory);
            return Files.exists(directory) || !Files.exists(besideFile) ? directory : besideFile;
        } catch (InvalidPathException e) {
            problems.error(where, text + " is not a path", "a directory with a file for each service");
            return null;
        }
    }
}

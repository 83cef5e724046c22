package io.myelin.config.reader;

import io.myelin.config.document.DocumentReader;
import io.myelin.config.document.Mapping;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What files that describe replicas refer to: the environment of this process and further files, each of which is read
 * once, however often the configuration is put together.
 */
final class Surroundings {
    private final DocumentReader documents;
    private final Function<String, @Nullable String> environment;
    private final Set<String> variables;
    private final Map<Path, Optional<Mapping>> included = new LinkedHashMap<>();
    private final Map<Path, Content> contents = new LinkedHashMap<>();

    /**
     * @param documents reports what is wrong with included files
     * @param environment returns the value of a variable, {@code null} if it is not set
     * @param variables the names of all variables that may be set
     */
    Surroundings(DocumentReader documents, Function<String, @Nullable String> environment, Set<String> variables) {
        this.documents = documents;
        this.environment = environment;
        this.variables = Set.copyOf(variables);
    }

    /**
     * What is in a text file.
     *
     * @param error why it could not be read, empty if it was
     */
    record Content(List<String> lines, String error) {
        Content {
            lines = List.copyOf(lines);
        }
    }

    /** Returns the files that were looked for so far. */
    List<Path> places() {
        List<Path> places = new ArrayList<>(included.keySet());
        places.addAll(contents.keySet());
        return places;
    }

    /** Returns the variable's value, empty if it is not set. */
    String variable(String name) {
        String value = environment.apply(name);
        return value == null ? "" : value;
    }

    /** Returns whether the variable is set. */
    boolean has(String name) {
        return environment.apply(name) != null;
    }

    /** Returns the variables that count over Synse's keys. */
    SynseVariables synse() {
        return SynseVariables.of(variables.stream(), environment);
    }

    /** Returns the map that a file holds, {@code null} if it cannot be read, which harms {@code service} only. */
    @Nullable
    Mapping document(Path file, String service) {
        return included.computeIfAbsent(file, path -> Optional.ofNullable(documents.readService(path, service)))
                .orElse(null);
    }

    /** Returns what is in a text file. */
    Content content(Path file) {
        return contents.computeIfAbsent(file, Surroundings::read);
    }

    private static Content read(Path file) {
        try {
            return new Content(Files.readAllLines(file), "");
        } catch (NoSuchFileException e) {
            return new Content(List.of(), "there is no such file");
        } catch (CharacterCodingException e) {
            return new Content(List.of(), "is not text");
        } catch (IOException e) {
            return new Content(List.of(), Files.isDirectory(file) ? "is a directory" : "cannot be read: " + e);
        }
    }
}

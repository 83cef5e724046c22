package io.myelin.config.document;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML and JSON files, each into one map.
 *
 * <p>A file that begins with a brace is tried as lenient JSON first, because YAML forbids the tabs that JSON files are
 * indented with, and as YAML second, because many such files are YAML only.
 */
public final class DocumentReader {
    /** Larger files are refused: a configuration of ten thousand services is smaller. */
    static final int MAX_FILE_BYTES = 16 * 1024 * 1024;

    private final Problems problems;

    public DocumentReader(Problems problems) {
        this.problems = problems;
    }

    /** Returns the map that {@code file} holds, {@code null} if it cannot be read, which is then among the problems. */
    public @Nullable Mapping read(Path file) {
        String text = textOf(file);
        return text == null ? null : parse(file.toString(), text);
    }

    /** Returns the map that {@code text}, the content of {@code file}, holds. */
    public @Nullable Mapping parse(String file, String text) {
        try {
            Node root = tree(file, text);
            if (root instanceof Mapping mapping) {
                return mapping;
            }
            if (root == null || (root instanceof Scalar scalar && scalar.absent())) {
                problems.warning(new Where(Place.wholeOf(file), "", ""), "is empty");
                return Mapping.of(new Place(file, 1, 1), List.of());
            }
            problems.error(new Where(root.place(), "", ""), "the file holds " + root.kind(), "a map with services");
        } catch (SyntaxException e) {
            problems.error(new Where(e.place(), "", ""), e.reason(), e.expected());
        }
        return null;
    }

    private static @Nullable Node tree(String file, String text) throws SyntaxException {
        if (!text.stripLeading().startsWith("{")) {
            return YamlTree.read(file, text);
        }
        try {
            return JsonTree.read(file, text);
        } catch (SyntaxException asJson) {
            try {
                return YamlTree.read(file, text);
            } catch (SyntaxException asYaml) {
                throw asYaml.gotFurtherThan(asJson) ? asYaml : asJson;
            }
        }
    }

    private @Nullable String textOf(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
                return refuse(file, "is larger than " + MAX_FILE_BYTES + " bytes", "a smaller file");
            }
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            return refuse(file, "there is no such file", "a YAML or JSON file");
        } catch (CharacterCodingException e) {
            return refuse(file, "is not text", "UTF-8");
        } catch (IOException e) {
            String reason = Files.isDirectory(file) ? "is a directory" : "cannot be read: " + e.getMessage();
            return refuse(file, reason, "a readable YAML or JSON file");
        }
    }

    private @Nullable String refuse(Path file, String reason, String expected) {
        problems.error(new Where(Place.wholeOf(file.toString()), "", ""), reason, expected);
        return null;
    }
}

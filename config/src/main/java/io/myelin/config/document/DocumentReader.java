package io.myelin.config.document;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML and JSON files, each into one map, with the environment variables that they ask for in the manner of ERB.
 *
 * <p>A file that begins with a brace is tried as lenient JSON first, because YAML forbids the tabs that JSON files are
 * indented with, and as YAML second, because many such files are YAML only.
 */
public final class DocumentReader {
    /** Larger files are refused: a configuration of ten thousand services is smaller. */
    static final int MAX_FILE_BYTES = 16 * 1024 * 1024;

    private final Problems problems;
    private final Function<String, @Nullable String> environment;

    /** Creates a reader of files whose templates ask for the environment of this process. */
    public DocumentReader(Problems problems) {
        this(problems, System::getenv);
    }

    /**
     * Creates a reader.
     *
     * @param environment returns the value of an environment variable, {@code null} if it is not set
     */
    public DocumentReader(Problems problems, Function<String, @Nullable String> environment) {
        this.problems = problems;
        this.environment = environment;
    }

    /** Returns the map that {@code file} holds, {@code null} if it cannot be read, which is then among the problems. */
    public @Nullable Mapping read(Path file) {
        return readService(file, "");
    }

    /** The same for a file that harms {@code service} only if it cannot be read. */
    public @Nullable Mapping readService(Path file, String service) {
        String text = textOf(file, service);
        return text == null ? null : parse(file.toString(), text, service);
    }

    /** Returns the map that {@code text}, the content of {@code file}, holds. */
    public @Nullable Mapping parse(String file, String text) {
        return parse(file, text, "");
    }

    private @Nullable Mapping parse(String file, String text, String service) {
        String rendered = Erb.render(file, text, environment, problems, service);
        if (rendered == null) {
            return null;
        }
        try {
            Node root = tree(file, rendered);
            if (root instanceof Mapping mapping) {
                return mapping;
            }
            if (root == null || (root instanceof Scalar scalar && scalar.absent())) {
                problems.warning(new Where(Place.wholeOf(file), "", service), "is empty");
                return Mapping.of(new Place(file, 1, 1), List.of());
            }
            String expected = service.isEmpty() ? "a map with services" : "a map with the keys of a service";
            problems.error(new Where(root.place(), "", service), "the file holds " + root.kind(), expected);
        } catch (SyntaxException e) {
            problems.error(new Where(e.place(), "", service), e.reason(), e.expected());
        }
        return null;
    }

    private static @Nullable Node tree(String file, String text) throws SyntaxException {
        if (!FlowText.begins(text)) {
            return YamlTree.read(file, text);
        }
        try {
            return JsonTree.read(file, text);
        } catch (SyntaxException asJson) {
            try {
                return YamlTree.read(file, FlowText.withoutTabs(text));
            } catch (SyntaxException asYaml) {
                throw asYaml.gotFurtherThan(asJson) ? asYaml : asJson;
            }
        }
    }

    private @Nullable String textOf(Path file, String service) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
                return refuse(file, service, "is larger than " + MAX_FILE_BYTES + " bytes", "a smaller file");
            }
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            return refuse(file, service, "there is no such file", "a YAML or JSON file");
        } catch (CharacterCodingException e) {
            return refuse(file, service, "is not text", "UTF-8");
        } catch (IOException e) {
            String reason = Files.isDirectory(file) ? "is a directory" : "cannot be read: " + e.getMessage();
            return refuse(file, service, reason, "a readable YAML or JSON file");
        }
    }

    private @Nullable String refuse(Path file, String service, String reason, String expected) {
        problems.error(new Where(Place.wholeOf(file.toString()), "", service), reason, expected);
        return null;
    }
}

package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.reader.Section.Item;
import io.myelin.config.reader.Surroundings.Content;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the environment that a service gives its replicas: files first, which its own variables outweigh. */
final class VariablesReader {
    private static final String FORMS = "NAME=VALUE, NAME to pass on this process's own, or a map with name and value";
    private static final String NAME = "[^=\\s\\x00]+";

    private final Dialect dialect;
    private final Surroundings surroundings;
    private final Problems problems;

    VariablesReader(Dialect dialect, Surroundings surroundings, Problems problems) {
        this.dialect = dialect;
        this.surroundings = surroundings;
        this.problems = problems;
    }

    /** Returns the variables of {@code service}, whose relative files begin at {@code folder}. */
    Map<String, String> read(Section service, Path folder) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Item item : service.items("env_file")) {
            if (item.node() instanceof Scalar scalar) {
                file(folder.resolve(scalar.text()).normalize(), item.where(), variables);
            } else {
                problems.error(item.where(), "is " + item.node().kind(), "the path of a file");
            }
        }
        list(service, "env", variables);
        if (dialect == Dialect.TYE) {
            list(service, "configuration", variables);
        }
        return variables;
    }

    private void file(Path file, Where where, Map<String, String> variables) {
        Content content = surroundings.content(file);
        if (!content.error().isEmpty()) {
            problems.error(where, file + ": " + content.error(), "a file with a line NAME=VALUE for each variable");
        }
        int number = 0;
        for (String line : content.lines()) {
            number++;
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                variable(line.strip(), where, " (line " + number + " of " + file + ")", variables);
            }
        }
    }

    private void list(Section service, String key, Map<String, String> variables) {
        if (dialect == Dialect.NATIVE && service.node(key) instanceof Mapping) {
            map(service, key, variables);
            return;
        }
        for (Item item : service.items(key)) {
            if (item.node() instanceof Scalar scalar) {
                variable(scalar.text(), item.where(), "", variables);
            } else {
                pair(Section.of(item.node(), item.where(), problems), variables);
            }
        }
    }

    private void map(Section service, String key, Map<String, String> variables) {
        Section map = service.section(key);
        if (map == null) {
            return;
        }
        for (Entry entry : map.entries()) {
            if (entry.value() instanceof Scalar scalar) {
                variables.put(entry.name(), scalar.absent() ? surroundings.variable(entry.name()) : scalar.text());
            } else {
                problems.error(map.where(entry.name()), "is " + entry.value().kind(), "a text");
            }
        }
    }

    private void pair(@Nullable Section pair, Map<String, String> variables) {
        if (pair == null) {
            return;
        }
        dialect.allow(pair, ReplicaKeys.VARIABLE);
        String name = pair.text("name", NAME, "the name of a variable");
        if (!pair.has("name")) {
            problems.error(pair.where(), "has no name", FORMS);
        }
        String value = pair.text("value");
        if (name != null) {
            variables.put(name, value == null ? "" : value);
        }
    }

    private void variable(String text, Where where, String place, Map<String, String> variables) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals).strip();
        if (!name.matches(NAME)) {
            problems.error(where, "names no variable" + place, FORMS);
        } else {
            variables.put(name, equals < 0 ? surroundings.variable(name) : text.substring(equals + 1));
        }
    }
}

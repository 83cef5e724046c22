package io.myelin.synse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request over a WebSocket says beside its event. A wrong type is told in an {@link ApiException}. */
record Arguments(JsonNode json) {
    /** Returns a text that must be given. */
    String text(String name) {
        String given = textOrNull(name);
        if (given == null) {
            throw ApiException.invalid("required data \"" + name + "\" not specified");
        }
        return given;
    }

    String text(String name, String otherwise) {
        String given = textOrNull(name);
        return given == null ? otherwise : given;
    }

    private @Nullable String textOrNull(String name) {
        JsonNode given = json.path(name);
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        return textOf(name, given);
    }

    boolean flag(String name) {
        return json.path(name).asBoolean(false);
    }

    /** Returns something that must be given, of any type. */
    JsonNode any(String name) {
        JsonNode given = json.path(name);
        if (given.isMissingNode() || given.isNull()) {
            throw ApiException.invalid("required data \"" + name + "\" not specified");
        }
        return given;
    }

    /** Returns texts: one, a list of them, or none. */
    List<String> texts(String name) {
        return textsOf(name, json.path(name));
    }

    /** Returns groups of tags: one text or a list of texts is one group, a list of lists is several. */
    TagGroups groups(String name, String namespace) {
        JsonNode given = json.path(name);
        List<List<String>> groups = new ArrayList<>();
        if (given.isArray() && !given.isEmpty() && given.get(0).isArray()) {
            given.forEach(group -> groups.add(textsOf(name, group)));
        } else {
            groups.add(textsOf(name, given));
        }
        return TagGroups.of(namespace, groups);
    }

    private static List<String> textsOf(String name, JsonNode given) {
        List<String> texts = new ArrayList<>();
        if (given.isArray()) {
            given.forEach(each -> texts.addAll(List.of(textOf(name, each).split(",", -1))));
        } else if (!given.isMissingNode() && !given.isNull()) {
            texts.addAll(List.of(textOf(name, given).split(",", -1)));
        }
        return texts.stream().filter(text -> !text.isEmpty()).toList();
    }

    private static String textOf(String name, JsonNode given) {
        if (!given.isTextual()) {
            throw ApiException.invalid("data \"" + name + "\": " + given + " (expected: a string)");
        }
        return given.asText();
    }
}

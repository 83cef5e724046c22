package io.myelin.synse;

import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.Tag;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which devices a client asks for: those that have all tags of any group, or all devices if there is no group.
 *
 * @param groups each with at least one tag
 */
record TagGroups(List<List<Tag>> groups) {
    /** The namespace of tags that do not name one. */
    static final String DEFAULT_NAMESPACE = "default";

    static final TagGroups ALL = new TagGroups(List.of());

    TagGroups {
        groups = List.copyOf(groups);
    }

    /**
     * Reads groups.
     *
     * @param namespace of the tags that do not name one
     * @param texts the tags of each group
     */
    static TagGroups of(String namespace, List<List<String>> texts) {
        return new TagGroups(texts.stream()
                .map(group -> group.stream()
                        .map(String::strip)
                        .filter(tag -> !tag.isEmpty())
                        .map(tag -> Tag.parse(tag).orIn(namespace))
                        .toList())
                .filter(group -> !group.isEmpty())
                .toList());
    }

    /** Reads groups whose tags are separated by commas. */
    static TagGroups split(String namespace, List<String> groups) {
        return of(
                namespace,
                groups.stream()
                        .map(group -> Stream.of(group.split(",", -1)).toList())
                        .toList());
    }

    boolean match(Device device) {
        if (groups.isEmpty()) {
            return true;
        }
        Set<Tag> tags = new HashSet<>();
        device.tags().forEach(tag -> tags.add(tag.orIn(DEFAULT_NAMESPACE)));
        return groups.stream().anyMatch(tags::containsAll);
    }
}

package io.myelin.health.plugin;

import java.util.List;

/**
 * Which devices are meant: the one with the id, or those that have all the tags.
 *
 * @param tags do not matter if there is an id
 * @param id empty for none
 */
public record Selector(List<Tag> tags, String id) {
    /** Every device. */
    public static final Selector ALL = new Selector(List.of(), "");

    public Selector {
        tags = List.copyOf(tags);
    }

    /** Means the device {@code id}. */
    public static Selector device(String id) {
        return new Selector(List.of(), id);
    }

    /** Means the devices that have all of {@code tags}. */
    public static Selector tagged(List<Tag> tags) {
        return new Selector(tags, "");
    }
}

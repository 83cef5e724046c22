package io.myelin.config.document;

import java.util.List;

/** A list. */
public record Sequence(Place place, List<Node> items) implements Node {
    public Sequence {
        items = List.copyOf(items);
    }

    @Override
    public String kind() {
        return "a list";
    }
}

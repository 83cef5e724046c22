package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Node;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Sequence;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A map whose values are asked for by key and type. An absent value is {@code null}; a value of another type counts as
 * absent and is reported.
 */
final class Section {
    private final Mapping mapping;
    private final Where where;
    private final Problems problems;
    /** Whether it was written for Synapse, which ignores what it does not know. */
    private final boolean ofSynapse;

    Section(Mapping mapping, Where where, Problems problems) {
        this(mapping, where, problems, false);
    }

    private Section(Mapping mapping, Where where, Problems problems, boolean ofSynapse) {
        this.mapping = mapping;
        this.where = where;
        this.problems = problems;
        this.ofSynapse = ofSynapse;
    }

    /** Returns {@code node} as a section, {@code null} if it is none, which is then reported. */
    static @Nullable Section of(Node node, Where where, Problems problems) {
        if (node instanceof Mapping mapping) {
            return new Section(mapping, where, problems);
        }
        problems.error(where, "is " + node.kind(), "a map");
        return null;
    }

    /** Returns this section with {@code others} instead of its own entries of the same keys. */
    Section with(List<Entry> others) {
        return new Section(mapping.with(others), where, problems, ofSynapse);
    }

    /** Returns this section with what {@code change} makes of its map. */
    Section over(UnaryOperator<Mapping> change) {
        return new Section(change.apply(mapping), where, problems);
    }

    /** Returns this section, said to be at {@code newWhere}. */
    Section at(Where newWhere) {
        return new Section(mapping, newWhere, problems, ofSynapse);
    }

    /** Returns this section as one that was written for Synapse, and all those in it. */
    Section ofSynapse() {
        return new Section(mapping, where, problems, true);
    }

    Problems problems() {
        return problems;
    }

    Where where() {
        return where;
    }

    List<Entry> entries() {
        return mapping.entries();
    }

    /** Returns the place of the value of {@code key}, or of the section if there is none. */
    Where where(String key) {
        Entry entry = mapping.entry(key);
        return where.child(key, entry == null ? where.place() : entry.value().place());
    }

    /** Returns the place of {@code key} itself, or of the section if it is not there. */
    Where whereKey(String key) {
        Entry entry = mapping.entry(key);
        return where.child(key, entry == null ? where.place() : entry.key().place());
    }

    /** Reports the keys that are none of {@code keys}. */
    void allow(Keys keys) {
        if (ofSynapse) {
            allowAsSynapseDoes(keys);
            return;
        }
        for (Entry entry : mapping.entries()) {
            if (!keys.known().contains(entry.name())) {
                unknown(entry, keys);
            }
        }
    }

    /**
     * The same for maps that other programs' files have, which ignore what they do not know: only what looks like a
     * typing mistake is an error.
     */
    void allowAsSynapseDoes(Keys keys) {
        for (Entry entry : mapping.entries()) {
            if (keys.known().contains(entry.name())) {
                continue;
            }
            if (NearestKey.to(entry.name(), keys.known()) == null) {
                unknownToSynapse(entry);
            } else {
                unknown(entry, keys);
            }
        }
    }

    private void unknownToSynapse(Entry entry) {
        problems.warning(
                where.child(entry.name(), entry.key().place()),
                "not interpreted: neither Synapse nor Myelin has such a key");
    }

    /** The same as {@link #allow} for maps that may hold sections for other programs. */
    void allowSections(Keys keys) {
        for (Entry entry : mapping.entries()) {
            if (keys.known().contains(entry.name())) {
                continue;
            }
            boolean near = NearestKey.to(entry.name(), keys.known()) != null;
            if (ofSynapse && !near && !(entry.value() instanceof Mapping)) {
                unknownToSynapse(entry);
            } else if (entry.value() instanceof Mapping && !near) {
                problems.warning(
                        where.child(entry.name(), entry.key().place()),
                        "not interpreted: a section for another program than Myelin");
            } else {
                unknown(entry, keys);
            }
        }
    }

    /** Reports {@code entry}, whose key is none of {@code keys}. */
    void unknown(Entry entry, Keys keys) {
        String nearest = NearestKey.to(entry.name(), keys.known());
        problems.error(
                where.child(entry.name(), entry.key().place()),
                nearest == null ? "unknown key" : "unknown key, did you mean " + nearest + "?",
                nearest == null ? "one of " + String.join(", ", keys.known()) : "");
    }

    /** Returns whether {@code key} is there, even without a value. */
    boolean mentions(String key) {
        return mapping.entry(key) != null;
    }

    @Nullable
    Node node(String key) {
        Entry entry = mapping.entry(key);
        boolean absent = entry == null || (entry.value() instanceof Scalar scalar && scalar.absent());
        return absent || entry == null ? null : entry.value();
    }

    boolean has(String key) {
        return node(key) != null;
    }

    @Nullable
    Section section(String key) {
        Node node = node(key);
        return node == null ? null : section(new Item(node, where(key)));
    }

    /** Returns {@code item} as a section, {@code null} if it is none, which is then reported. */
    @Nullable
    Section section(Item item) {
        Section inner = of(item.node(), item.where(), problems);
        return inner != null && ofSynapse ? inner.ofSynapse() : inner;
    }

    @Nullable
    Scalar scalar(String key, String expected) {
        Node node = node(key);
        if (node == null || node instanceof Scalar) {
            return (Scalar) node;
        }
        problems.error(where(key), "is " + node.kind(), expected);
        return null;
    }

    @Nullable
    String text(String key) {
        Scalar scalar = scalar(key, "a text");
        return scalar == null ? null : scalar.text();
    }

    /** Returns the text of {@code key} if it matches {@code pattern}. */
    @Nullable
    String text(String key, String pattern, String expected) {
        Scalar scalar = scalar(key, expected);
        if (scalar == null || scalar.text().matches(pattern)) {
            return scalar == null ? null : scalar.text();
        }
        problems.error(where(key), scalar.text(), expected);
        return null;
    }

    @Nullable
    Boolean flag(String key) {
        Scalar scalar = scalar(key, "true or false");
        return scalar == null ? null : Values.flag(scalar, where(key), problems);
    }

    boolean flag(String key, boolean otherwise) {
        Boolean flag = flag(key);
        return flag == null ? otherwise : flag;
    }

    @Nullable
    Integer number(String key, int min, int max) {
        Scalar scalar = scalar(key, min + ".." + max);
        return scalar == null ? null : Values.number(scalar, where(key), min, max, problems);
    }

    int number(String key, int min, int max, int otherwise) {
        Integer number = number(key, min, max);
        return number == null ? otherwise : number;
    }

    @Nullable
    Duration duration(String key) {
        Scalar scalar = scalar(key, Values.DURATION_FORMS);
        return scalar == null ? null : Values.duration(scalar, where(key), problems);
    }

    Duration duration(String key, Duration otherwise) {
        Duration duration = duration(key);
        return duration == null ? otherwise : duration;
    }

    /** Returns a time that must not be zero. */
    Duration positiveDuration(String key, Duration otherwise) {
        Duration duration = duration(key, otherwise);
        if (duration.isZero()) {
            problems.error(where(key), "0", "more than 0");
            return otherwise;
        }
        return duration;
    }

    int size(String key, int otherwise) {
        Scalar scalar = scalar(key, Values.SIZE_FORMS);
        Integer size = scalar == null ? null : Values.size(scalar, where(key), problems);
        return size == null ? otherwise : size;
    }

    /** Returns a number of bytes, 0..{@code max}. */
    long bytes(String key, long otherwise, long max) {
        Scalar scalar = scalar(key, Values.SIZE_FORMS);
        Long bytes = scalar == null ? null : Values.bytes(scalar, where(key), max, problems);
        return bytes == null ? otherwise : bytes;
    }

    /** Returns the items of a list; a single value is a list of one. */
    List<Item> items(String key) {
        Node node = node(key);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof Sequence sequence)) {
            return List.of(new Item(node, where(key)));
        }
        List<Item> items = new ArrayList<>();
        for (Node item : sequence.items()) {
            items.add(new Item(item, where(key).item(items.size(), item.place())));
        }
        return items;
    }

    /** Returns the texts of a list, or the single text. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Item item : items(key)) {
            if (item.node() instanceof Scalar scalar) {
                texts.add(scalar.text());
            } else {
                problems.error(item.where(), "is " + item.node().kind(), "a text");
            }
        }
        return texts;
    }

    /** Returns the HAProxy lines of a list, of a text, or of a text of several lines. */
    List<Line> lines(String key) {
        List<Line> lines = new ArrayList<>();
        for (Item item : items(key)) {
            if (item.node() instanceof Scalar scalar) {
                scalar.text().lines().forEach(line -> lines.add(Line.of(line, item.where(), problems)));
            } else {
                problems.error(item.where(), "is " + item.node().kind(), "a line of HAProxy's configuration");
            }
        }
        lines.removeIf(line -> line.words().isEmpty());
        return lines;
    }

    /** An item of a list, and where it stands. */
    record Item(Node node, Where where) {}
}

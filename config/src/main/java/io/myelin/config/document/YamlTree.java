package io.myelin.config.document;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/** A tree read from YAML, with aliases replaced by what they stand for and merge keys merged. */
@OwnedBy(Owner.BUILDER)
final class YamlTree {
    /** Deeper documents are refused; the deepest key of a configuration is at ten. */
    static final int MAX_DEPTH = 64;

    /** More values than this come from aliases of aliases, not from people. */
    private static final int MAX_NODES = 500_000;

    private static final int MAX_ALIASES = 50_000;

    private final String file;
    private final Set<org.yaml.snakeyaml.nodes.Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    private YamlTree(String file) {
        this.file = file;
    }

    /** Returns {@code null} for a text without a value. */
    static @Nullable Node read(String file, String text) throws SyntaxException {
        try {
            org.yaml.snakeyaml.nodes.Node root = new Yaml(options()).compose(new StringReader(text));
            return root == null ? null : new YamlTree(file).node(root);
        } catch (MarkedYAMLException e) {
            throw malformed(file, e);
        } catch (ReaderException e) {
            throw new SyntaxException(placeAt(file, text, e.getPosition()), unprintable(e), "printable text");
        } catch (YAMLException e) {
            throw new SyntaxException(Place.wholeOf(file), "not YAML: " + e.getMessage(), "YAML or JSON");
        }
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(DocumentReader.MAX_FILE_BYTES);
        return options;
    }

    private Node node(org.yaml.snakeyaml.nodes.Node node) throws SyntaxException {
        Place place = placeOf(file, node.getStartMark());
        if (++nodes > MAX_NODES) {
            throw new SyntaxException(place, "aliases make up more than " + MAX_NODES + " values", "fewer aliases");
        }
        if (node instanceof ScalarNode scalar) {
            return new Scalar(place, scalar.getValue(), scalar.getScalarStyle() != ScalarStyle.PLAIN);
        }
        if (!open.add(node)) {
            throw new SyntaxException(place, "an alias stands for something that holds it", "no cycle");
        }
        try {
            return node instanceof SequenceNode sequence
                    ? sequence(place, sequence)
                    : mapping(place, (MappingNode) node);
        } finally {
            open.remove(node);
        }
    }

    private Sequence sequence(Place place, SequenceNode sequence) throws SyntaxException {
        List<Node> items = new ArrayList<>();
        for (org.yaml.snakeyaml.nodes.Node item : sequence.getValue()) {
            items.add(node(item));
        }
        return new Sequence(place, items);
    }

    private Mapping mapping(Place place, MappingNode mapping) throws SyntaxException {
        List<Entry> own = new ArrayList<>();
        Map<String, Entry> merged = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
                merge(node(tuple.getValueNode()), merged);
            } else {
                own.add(new Entry(key(tuple.getKeyNode()), node(tuple.getValueNode())));
            }
        }
        own.forEach(entry -> merged.remove(entry.name()));
        own.addAll(merged.values());
        return Mapping.of(place, own);
    }

    /** Adds the entries of the map, or of each map of the list, that {@code merged} has none for. */
    private static void merge(Node source, Map<String, Entry> merged) throws SyntaxException {
        if (source instanceof Mapping mapping) {
            mapping.entries().forEach(entry -> merged.putIfAbsent(entry.name(), entry));
        } else if (source instanceof Sequence sequence) {
            for (Node item : sequence.items()) {
                merge(item, merged);
            }
        } else {
            throw new SyntaxException(source.place(), "<< merges " + source.kind(), "a map or a list of maps");
        }
    }

    private Scalar key(org.yaml.snakeyaml.nodes.Node key) throws SyntaxException {
        Node node = node(key);
        if (node instanceof Scalar scalar) {
            return scalar;
        }
        throw new SyntaxException(node.place(), "the key is " + node.kind(), "a text");
    }

    private static SyntaxException malformed(String file, MarkedYAMLException e) {
        Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
        String expected = String.valueOf(e.getProblem()).contains("'\\t") ? "spaces, not tabs, to indent" : "YAML";
        Place place = mark == null ? Place.wholeOf(file) : placeOf(file, mark);
        return new SyntaxException(place, "not YAML: " + e.getProblem(), expected);
    }

    private static String unprintable(ReaderException e) {
        return String.format("character U+%04X is not allowed", e.getCodePoint());
    }

    private static Place placeOf(String file, Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static Place placeAt(String file, String text, int position) {
        int end = Math.max(0, Math.min(position, text.length()));
        int line =
                1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
        return new Place(file, line, end - text.lastIndexOf('\n', end - 1));
    }
}

package io.myelin.config.reader;

import io.myelin.discovery.zookeeper.NodeType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Nerve's files and native ones say alike of a registration in ZooKeeper. */
final class ZooKeeperReporterKeys {
    private static final String TYPES = "ephemeral_sequential, ephemeral, persistent_sequential or persistent";

    private ZooKeeperReporterKeys() {}

    static NodeType nodeType(Section section) {
        String text = section.text("node_type");
        if (text == null) {
            return NodeType.EPHEMERAL_SEQUENTIAL;
        }
        for (NodeType type : NodeType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(text)) {
                return type;
            }
        }
        section.problems().error(section.where("node_type"), text, TYPES);
        return NodeType.EPHEMERAL_SEQUENTIAL;
    }

    /** Returns the path of a znode, {@code null} if there is none, which is reported. */
    static @Nullable String path(Section section, String key) {
        String path = section.text(key, "/\\S*", "an absolute znode path");
        if (path == null && !section.has(key)) {
            section.problems().error(section.where(), "has no " + key, "an absolute znode path");
        }
        return path;
    }
}

package io.myelin.discovery.zookeeper;

import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.jspecify.annotations.Nullable;

/** The znode that holds a service, and the names of its children. */
record ZnodePaths(String parent) {
    /**
     * What Nerve and Synapse create may be changed by anyone. ZooKeeper looks for null in it, which List.of refuses.
     */
    static final List<ACL> OPEN = Collections.singletonList(new ACL(Perms.ALL, new Id("world", "anyone")));

    ZnodePaths {
        parent = parent.length() > 1 && parent.endsWith("/") ? parent.substring(0, parent.length() - 1) : parent;
        try {
            PathUtils.validatePath(parent);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("path: " + parent + " (expected: an absolute znode path)", e);
        }
    }

    String child(String name) {
        return prefix() + name;
    }

    /**
     * Returns the name of a child, {@code null} for the parent itself, for what is deeper and for what is elsewhere.
     */
    @Nullable
    String nameOf(String path) {
        String prefix = prefix();
        boolean isChild =
                path.length() > prefix.length() && path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0;
        return isChild ? path.substring(prefix.length()) : null;
    }

    /** Asks for the parent and everything above it, without waiting; a refusal changes nothing. */
    void create(Znodes znodes) {
        for (int end = parent.indexOf('/', 1); end >= 0; end = parent.indexOf('/', end + 1)) {
            znodes.create(parent.substring(0, end));
        }
        if (parent.length() > 1) {
            znodes.create(parent);
        }
    }

    private String prefix() {
        return parent.equals("/") ? parent : parent + "/";
    }
}

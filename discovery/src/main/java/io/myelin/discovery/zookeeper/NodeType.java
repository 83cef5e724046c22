package io.myelin.discovery.zookeeper;

import org.apache.zookeeper.CreateMode;

/** The kinds of znodes that Nerve registers with. */
public enum NodeType {
    /** Ends with the session; ZooKeeper appends a number that makes it unique. Nerve's own choice. */
    EPHEMERAL_SEQUENTIAL(CreateMode.EPHEMERAL_SEQUENTIAL),
    /** Ends with the session. */
    EPHEMERAL(CreateMode.EPHEMERAL),
    /** Stays until it is deleted; ZooKeeper appends a number. */
    PERSISTENT_SEQUENTIAL(CreateMode.PERSISTENT_SEQUENTIAL),
    /** Stays until it is deleted. */
    PERSISTENT(CreateMode.PERSISTENT);

    private final CreateMode mode;

    NodeType(CreateMode mode) {
        this.mode = mode;
    }

    CreateMode mode() {
        return mode;
    }

    boolean sequential() {
        return mode.isSequential();
    }

    boolean ephemeral() {
        return mode.isEphemeral();
    }
}

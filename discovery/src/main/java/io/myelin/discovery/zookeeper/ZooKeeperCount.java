package io.myelin.discovery.zookeeper;

import java.util.Locale;

/** What is counted about reading from ZooKeeper. */
public enum ZooKeeperCount {
    /** Times a session was established. */
    SESSIONS,
    /** Times a connection was lost, or was not made in time. */
    DISCONNECTIONS,
    /** Child lists asked for. */
    CHILD_LISTS,
    /** Znodes whose data was asked for. */
    DATA_READS,
    /** Znodes whose version was asked for, without their data. */
    STATS,
    /** Znodes whose configuration of a service was asked for. */
    CONFIG_READS,
    /** Complete sets handed to a pool. */
    DELIVERIES,
    /** Children that hold no endpoint. */
    MALFORMED,
    /** Endpoints of which a part was ignored, such as a weight that is not a number. */
    IMPAIRED,
    /** Reads that failed for another reason than a lost connection. */
    FAILED_READS;

    /** Returns the name of the metric. */
    public String metric() {
        return "zookeeper_" + name().toLowerCase(Locale.ROOT) + "_total";
    }
}

package io.myelin.model;

import java.util.List;

/**
 * Whether a source of endpoints is live, or a remembered set is being served.
 *
 * @param source what is asked, for people, such as {@code zookeeper 10.0.0.1:2181 /nerve/services/web}
 * @param state how far the source can be believed now
 * @param sinceMillis wall clock at which {@code state} began
 * @param syncedMillis wall clock of the last complete read, 0 if there was none yet
 * @param error the last error, empty if none since the source was last live
 * @param parts the sources that this one is made of, if it is made of others
 */
public record SourceStatus(
        String source, State state, long sinceMillis, long syncedMillis, String error, List<Part> parts) {
    /** How far a source can be believed. */
    public enum State {
        /** Not read yet. */
        STARTING,
        /** What is served is what the source says. */
        LIVE,
        /** The source cannot be asked; its last set is served. */
        STALE
    }

    /**
     * One of the sources that another is made of.
     *
     * @param name what the configuration calls it
     * @param serving whether its endpoints are used now
     * @param endpoints how many it has to offer
     * @param status what it says of itself
     */
    public record Part(String name, boolean serving, int endpoints, SourceStatus status) {}

    public SourceStatus {
        parts = List.copyOf(parts);
    }

    /** Creates the status of a source that is not made of others. */
    public SourceStatus(String source, State state, long sinceMillis, long syncedMillis, String error) {
        this(source, state, sinceMillis, syncedMillis, error, List.of());
    }
}

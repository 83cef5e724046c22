package io.myelin.model;

/**
 * Whether a source of endpoints is live, or a remembered set is being served.
 *
 * @param source what is asked, for people, such as {@code zookeeper 10.0.0.1:2181 /nerve/services/web}
 * @param state how far the source can be believed now
 * @param sinceMillis wall clock at which {@code state} began
 * @param syncedMillis wall clock of the last complete read, 0 if there was none yet
 * @param error the last error, empty if none since the source was last live
 */
public record SourceStatus(String source, State state, long sinceMillis, long syncedMillis, String error) {
    /** How far a source can be believed. */
    public enum State {
        /** Not read yet. */
        STARTING,
        /** What is served is what the source says. */
        LIVE,
        /** The source cannot be asked; its last set is served. */
        STALE
    }
}

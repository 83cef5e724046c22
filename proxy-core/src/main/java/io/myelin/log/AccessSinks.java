package io.myelin.log;

/** Whoever writes records down. */
@FunctionalInterface
public interface AccessSinks {
    /** Drops every record. */
    AccessSinks NONE = config -> (loop, record) -> {};

    /** Returns where the records of a listener with that configuration go. Called on the control thread. */
    AccessSink open(AccessConfig config);
}

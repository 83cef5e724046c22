package io.myelin.discovery.multi;

/** What is counted about services with several sources. */
enum MultiCount {
    /** Times another source than before began to serve. */
    SWITCHES,
    /** Reads of an object that says which source serves. */
    TOGGLE_READS,
    /** Those that brought nothing, or nothing that can be used. */
    FAILED_TOGGLE_READS
}

package io.myelin.discovery.polling;

/** What is counted about a registry that is asked again and again. */
public enum PollCount {
    /** Questions asked. */
    POLLS,
    /** Questions that brought no answer, or not a whole one. */
    FAILED_POLLS,
    /** What registries said by themselves that led to a question before its time. */
    HINTS,
    /** Entries that hold no endpoint. */
    IGNORED_ENTRIES,
    /** Complete sets handed to a pool. */
    DELIVERIES
}

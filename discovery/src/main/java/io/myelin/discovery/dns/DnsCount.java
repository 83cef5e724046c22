package io.myelin.discovery.dns;

/** What is counted about names. */
public enum DnsCount {
    /** Queries sent, each to one name server. */
    QUERIES,
    /** Queries that brought no usable answer. */
    FAILED_QUERIES,
    /** Names that no name server told anything about, one count for each attempt. */
    FAILED_LOOKUPS,
    /** Records that were left out, such as the address 0.0.0.0. */
    IGNORED_RECORDS,
    /** Complete sets handed to a pool. */
    DELIVERIES
}

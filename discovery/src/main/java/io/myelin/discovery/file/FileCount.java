package io.myelin.discovery.file;

/** What is counted about files with endpoints. */
enum FileCount {
    /** Files read because they had changed. */
    READS,
    /** Reads that brought nothing that can be used. */
    FAILED_READS,
    /** Entries that hold no endpoint. */
    MALFORMED
}

package io.myelin.accesslog;

/** What is counted about access logs. */
public enum AccessLogCounter {
    /** Lines that were given to a destination. */
    WRITTEN,
    /** Records that no line was made of, because the writer did not keep up. */
    DROPPED,
    /** Lines that a destination did not take. */
    FAILED
}

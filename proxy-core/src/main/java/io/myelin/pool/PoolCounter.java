package io.myelin.pool;

/** What is counted per pool and event loop. */
public enum PoolCounter {
    /** Requests and tunnels in progress: a gauge. */
    IN_FLIGHT,
    /** Requests, or tunnels for TCP, that were routed to the pool. */
    REQUESTS,
    /** Further attempts on the same member. */
    RETRIES,
    /** Further attempts on another member. */
    REDISPATCHES,
    /** Requests that were given to the member that their cookie names. */
    STICKY_HITS,
    /** Requests to a sticky pool without a cookie that names one of its members. */
    STICKY_MISSES,
    /** Requests that were given to another member than their cookie names, as that was down or not to be reached. */
    STICKY_REDISPATCHES,
    RESPONSES_1XX,
    RESPONSES_2XX,
    RESPONSES_3XX,
    RESPONSES_4XX,
    RESPONSES_5XX,
    /** Trailer fields that were not forwarded, either way. */
    TRAILERS_DROPPED,
    /** Bytes received from clients. */
    BYTES_IN,
    /** Bytes sent to clients. */
    BYTES_OUT;

    /** Returns the counter of a status code, 100..599 (others count as 5xx). */
    public static PoolCounter ofStatus(int status) {
        return switch (status / 100) {
            case 1 -> RESPONSES_1XX;
            case 2 -> RESPONSES_2XX;
            case 3 -> RESPONSES_3XX;
            case 4 -> RESPONSES_4XX;
            default -> RESPONSES_5XX;
        };
    }
}

package io.myelin.balance;

/** What is counted per member and event loop. */
public enum MemberCounter {
    /** Exchanges and tunnels in progress: a gauge. */
    IN_FLIGHT,
    /** Requests or tunnels given to the member, retries included. */
    REQUESTS,
    /** Connections that were established. */
    CONNECTIONS,
    /** Requests that travelled on a kept connection. */
    REUSES,
    /** Connection attempts that failed or timed out. */
    CONNECT_FAILURES,
    /** Requests that could not be delivered to the member and were given to it again. */
    RETRIES,
    /** Requests that could not be delivered to the member and were given to another one. */
    REDISPATCHES,
    /** Exchanges that failed through the member's fault after the connection stood. */
    FAILURES,
    RESPONSES_1XX,
    RESPONSES_2XX,
    RESPONSES_3XX,
    RESPONSES_4XX,
    RESPONSES_5XX,
    /** Bytes sent to the member. */
    BYTES_SENT,
    /** Bytes received from the member. */
    BYTES_RECEIVED;

    /** Returns the counter of a status code, 100..599 (others count as 5xx). */
    public static MemberCounter ofStatus(int status) {
        return switch (status / 100) {
            case 1 -> RESPONSES_1XX;
            case 2 -> RESPONSES_2XX;
            case 3 -> RESPONSES_3XX;
            case 4 -> RESPONSES_4XX;
            default -> RESPONSES_5XX;
        };
    }
}

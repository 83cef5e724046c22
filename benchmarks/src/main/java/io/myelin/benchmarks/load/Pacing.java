package io.myelin.benchmarks.load;

/**
 * Says when each request of each connection ought to be sent.
 *
 * <p>In a closed loop a connection sends as soon as it has its reply, so a slow server is asked less often. In an open
 * loop the moments are fixed beforehand; latency counts from them, so that a pause of the server is paid for by every
 * request that should have been sent during it.
 */
@FunctionalInterface
public interface Pacing {
    /** As fast as replies come. */
    Pacing CLOSED = (connection, request, nowNanos) -> nowNanos;

    /**
     * Returns when a request is due, which may have passed already.
     *
     * @param connection from 0
     * @param request how many requests that connection has sent before
     * @param nowNanos the time since the load began
     */
    long dueNanos(int connection, long request, long nowNanos);

    /** Returns an open loop of {@code perSecond} requests, spread evenly over {@code connections} in turn. */
    static Pacing open(double perSecond, int connections) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("rate: " + perSecond + " (expected: > 0)");
        }
        double intervalNanos = 1e9 / perSecond;
        return (connection, request, nowNanos) ->
                Math.round((request * (double) connections + connection) * intervalNanos);
    }
}

package io.myelin.log;

import io.myelin.failure.Failure;
import io.myelin.route.TlsView;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request, of one tunnel, or of a connection that brought no request that could be read.
 *
 * @param tunnel whether it is a TCP tunnel
 * @param startMillis when its first byte arrived (a tunnel's connection), in milliseconds since the epoch
 * @param listener the name of the listener
 * @param client the client's address
 * @param local the address that the client connected to
 * @param request {@code null} for a tunnel, and if none could be read
 * @param requestId empty if there is none
 * @param pool the name of the pool, {@code null} if none was chosen
 * @param backend what tools made for HAProxy call that pool
 * @param member the last one that was tried, {@code null} if there was none
 * @param snapshotVersion of the snapshot that {@code member} was chosen from, 0 if there was none
 * @param retries further attempts after the first one
 * @param redispatched whether the last of them went to another member than the one before
 * @param status sent to the client, -1 for none
 * @param bytesIn received from the client: heads, bodies and their framing
 * @param bytesOut sent to the client: the same
 * @param timers how long each part took
 * @param failure {@code null} if it was completed as both peers intended
 * @param rule the name of the rule that a peer broke, {@code null} if none was broken
 * @param termination the first two characters of HAProxy's termination state (its manual, section 8.5)
 * @param load what was going on at the end, without this one
 * @param requestHeaders values of the captured request fields, in the order of the configuration, empty where absent
 * @param responseHeaders the same of the response
 * @param tls what the client agreed on in its handshake, {@code null} if it speaks plain text
 */
public record AccessRecord(
        boolean tunnel,
        long startMillis,
        String listener,
        SocketAddress client,
        SocketAddress local,
        @Nullable Request request,
        String requestId,
        @Nullable String pool,
        @Nullable String backend,
        @Nullable Target member,
        long snapshotVersion,
        int retries,
        boolean redispatched,
        int status,
        long bytesIn,
        long bytesOut,
        Timers timers,
        @Nullable Failure failure,
        @Nullable String rule,
        String termination,
        Load load,
        List<String> requestHeaders,
        List<String> responseHeaders,
        @Nullable TlsView tls) {
    /** What a time that was not reached is. */
    public static final long NOT_REACHED = -1;

    public AccessRecord {
        requestHeaders = List.copyOf(requestHeaders);
        responseHeaders = List.copyOf(responseHeaders);
    }

    /** Returns whether nothing went wrong, in HAProxy's sense: no failure, no further attempt, no 5xx. */
    public boolean normal() {
        return failure == null && retries == 0 && status < 500;
    }

    /**
     * The request as it was received, one character per byte.
     *
     * @param target cut when long, which its end then says
     * @param version such as {@code HTTP/1.1}
     * @param host empty if there is none
     * @param referer {@code null} if absent or not asked for
     * @param userAgent {@code null} if absent or not asked for
     */
    public record Request(
            String method,
            String target,
            String version,
            String host,
            @Nullable String referer,
            @Nullable String userAgent) {
        /** The longest target that is kept whole. */
        public static final int MOST_TARGET_CHARACTERS = 2_048;
    }

    /**
     * A member.
     *
     * @param name its identity in the pool
     */
    public record Target(String name, String host, int port) {}

    /**
     * Nanoseconds, {@link #NOT_REACHED} for what did not come to pass.
     *
     * @param head from the first byte of the request to the end of its head
     * @param queue waiting for a member
     * @param connect until a connection to the member stood, further attempts included; 0 on a kept one
     * @param firstByte from there to the end of the response head
     * @param total from the first byte of the request to the end
     * @param self the part of it spent in the proxy
     */
    public record Timers(long head, long queue, long connect, long firstByte, long total, long self) {}

    /**
     * How many other things were in progress.
     *
     * @param listener connections of the listener
     * @param pool requests and tunnels of the pool
     * @param member requests and tunnels of the member
     */
    public record Load(long listener, long pool, long member) {}
}

package io.myelin.log;

import io.myelin.balance.Member;
import io.myelin.failure.Failure;
import io.myelin.log.AccessRecord.Load;
import io.myelin.log.AccessRecord.Request;
import io.myelin.log.AccessRecord.Target;
import io.myelin.log.AccessRecord.Timers;
import io.myelin.log.Termination.Phase;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.route.TlsView;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is noted about one request or tunnel while it goes on, for the record at its end. There is none where nothing is
 * logged. Times are those of the {@link Clock}, in nanoseconds.
 */
@OwnedBy(Owner.EVENT_LOOP)
public final class Trace {
    private final AccessLog log;
    private final boolean tunnel;
    private final SocketAddress client;
    private final SocketAddress local;
    private final long startNanos;
    private long beganNanos;
    private long connectedNanos;
    private long answeredNanos;
    private @Nullable TlsView tls;
    private boolean began;
    private boolean connected;
    private boolean answered;
    private boolean memberSilent;
    private boolean queued;
    private boolean waiting;
    private long queuedNanos;
    private long queueNanos;
    private @Nullable Request request;
    private String requestId = "";
    private @Nullable Pool pool;
    private @Nullable Member member;
    private long snapshotVersion;
    private int attempts;
    private boolean redispatched;
    private int status = -1;
    private long bytesIn;
    private long bytesOut;
    private @Nullable Failure failure;
    private @Nullable String rule;
    private List<String> requestHeaders = List.of();
    private List<String> responseHeaders = List.of();

    private Trace(AccessLog log, boolean tunnel, SocketAddress client, SocketAddress local, long startNanos) {
        this.log = log;
        this.tunnel = tunnel;
        this.client = client;
        this.local = local;
        this.startNanos = startNanos;
    }

    /** Begins to note a request whose first byte came at {@code startNanos}. */
    public static Trace ofRequest(AccessLog log, SocketAddress client, SocketAddress local, long startNanos) {
        return new Trace(log, false, client, local, startNanos);
    }

    /** Begins to note a tunnel whose connection came at {@code startNanos}. */
    public static Trace ofTunnel(AccessLog log, SocketAddress client, SocketAddress local, long startNanos) {
        Trace trace = new Trace(log, true, client, local, startNanos);
        trace.began = true;
        trace.beganNanos = startNanos;
        return trace;
    }

    public AccessConfig config() {
        return log.config();
    }

    /** The client agreed on that in its handshake, on nothing if it speaks plain text. */
    public void encrypted(@Nullable TlsView newTls) {
        tls = newTls;
    }

    /** The head was read at {@code nowNanos}. */
    public void began(Request newRequest, List<String> headers, long nowNanos) {
        request = newRequest;
        requestHeaders = headers;
        began = true;
        beganNanos = nowNanos;
    }

    public void named(String newRequestId) {
        requestId = newRequestId;
    }

    public void routed(Pool newPool) {
        pool = newPool;
    }

    /** An attempt is made with {@code chosen}. */
    public void picked(Member chosen, long newSnapshotVersion) {
        redispatched = attempts > 0 && chosen != member;
        attempts++;
        member = chosen;
        snapshotVersion = newSnapshotVersion;
    }

    /** All members had as much to do as they may at {@code nowNanos}; {@link #waited} follows. */
    public void queued(long nowNanos) {
        queued = true;
        waiting = true;
        queuedNanos = nowNanos;
    }

    /**
     * The wait for a member was over at {@code nowNanos}.
     *
     * @param served whether one had room
     */
    public void waited(long nowNanos, boolean served) {
        queueNanos += nowNanos - queuedNanos;
        waiting = !served;
    }

    /** A connection stood at {@code nowNanos}. */
    public void connected(long nowNanos) {
        connected = true;
        connectedNanos = nowNanos;
    }

    /** The head of the final response was there at {@code nowNanos}. */
    public void answered(List<String> headers, long nowNanos) {
        answered = true;
        answeredNanos = nowNanos;
        responseHeaders = headers;
    }

    /** The client is sent that status. */
    public void status(int newStatus) {
        status = newStatus;
    }

    public void received(long bytes) {
        bytesIn += bytes;
    }

    public void sent(long bytes) {
        bytesOut += bytes;
    }

    public void failed(Failure newFailure) {
        failure = newFailure;
    }

    /** A peer broke the rule of that name. */
    public void broke(String newRule) {
        rule = newRule;
    }

    /** The member said nothing for longer than it may. */
    public void memberSilent() {
        memberSilent = true;
    }

    /**
     * Gives the record away, unless the configuration leaves such ones out.
     *
     * @param loop the index of the event loop
     * @param selfNanos the time spent in the proxy
     */
    public void end(int loop, Clock clock, long selfNanos) {
        AccessConfig config = log.config();
        boolean normal = failure == null && attempts <= 1 && status < 500;
        boolean empty = bytesIn == 0 && bytesOut == 0;
        if ((config.skipsNormal() && normal) || (config.skipsEmpty() && empty)) {
            return;
        }
        long totalNanos = clock.nanoTime() - startNanos;
        log.sink().accept(loop, record(clock.wallMillis() - totalNanos / 1_000_000, totalNanos, selfNanos));
    }

    private AccessRecord record(long startMillis, long totalNanos, long selfNanos) {
        Pool chosenPool = pool;
        Member chosen = member;
        Endpoint endpoint = chosen == null ? null : chosen.endpoint();
        return new AccessRecord(
                tunnel,
                startMillis,
                log.listener(),
                client,
                local,
                request,
                requestId,
                chosenPool == null ? null : chosenPool.name(),
                chosenPool == null ? null : chosenPool.alias(),
                chosen == null || endpoint == null
                        ? null
                        : new Target(chosen.id().value(), endpoint.host(), endpoint.port()),
                snapshotVersion,
                Math.max(0, attempts - 1),
                redispatched,
                status,
                bytesIn,
                bytesOut,
                timers(totalNanos, selfNanos),
                failure,
                rule,
                Termination.of(failure, phase(), memberSilent, rule != null),
                new Load(
                        log.openConnections().getAsLong(),
                        chosenPool == null ? 0 : chosenPool.total(PoolCounter.IN_FLIGHT),
                        chosen == null ? 0 : chosen.inFlight()),
                requestHeaders,
                responseHeaders,
                tls);
    }

    private Timers timers(long totalNanos, long selfNanos) {
        return new Timers(
                began ? beganNanos - startNanos : AccessRecord.NOT_REACHED,
                member == null && !queued ? AccessRecord.NOT_REACHED : queueNanos,
                connected ? connectedNanos - beganNanos - queueNanos : AccessRecord.NOT_REACHED,
                connected && answered ? answeredNanos - connectedNanos : AccessRecord.NOT_REACHED,
                totalNanos,
                selfNanos);
    }

    private Phase phase() {
        if (!began) {
            return Phase.REQUEST;
        }
        if (waiting) {
            return Phase.QUEUE;
        }
        if (!connected) {
            return Phase.CONNECT;
        }
        return tunnel || answered ? Phase.DATA : Phase.HEADERS;
    }
}

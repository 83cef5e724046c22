package io.myelin.http;

import io.myelin.balance.HashConfig;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.balance.MemberLoad;
import io.myelin.failure.Failure;
import io.myelin.http.BodyReader.Framing;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Deadline;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.PoolLoad;
import io.myelin.upstream.Connector;
import io.myelin.upstream.Dispatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response: finds a member, carries the request there and the response back, and ends exactly once.
 * Reused from one request to the next, of whichever connection of the same event loop.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class Exchange implements Connector.Waiter {
    /*
     * The steps, in order: begin (route, compose the head), attempt (pick, reuse or connect), attach (send the head),
     * stream the request body, take the response head, stream the response body, finish. A failed connection leads back
     * to attempt; so does a kept connection that turns out to be dead before the first byte of a response, when the
     * request may be repeated. Everything else that goes wrong leads to fail or, if the client left, to abandon.
     */
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private final HttpLoop http;
    private final BodyReader requestBody = new BodyReader();
    private final ResponseWriter response = new ResponseWriter();
    private final BodySink toUpstream = this::sendToUpstream;
    private final Deadline pause = new Deadline(this::onPauseOver);
    private @Nullable ClientConnection owner;
    private @Nullable Dispatch dispatch;
    private @Nullable Pool pool;
    private @Nullable PoolLoad load;
    private @Nullable Member member;
    private @Nullable MemberLoad memberLoad;
    private @Nullable MemberConnection connecting;
    private @Nullable MemberConnection upstream;
    private @Nullable ByteBuf requestHead;
    private boolean active;
    private boolean idempotent;
    private boolean bodyInHead;
    private boolean bodySent;
    private boolean reused;
    private boolean freshOnly;
    private boolean upgrading;
    private boolean unflushed;
    private boolean failedByMember;
    private int status;
    private long startNanos;
    private long segmentNanos;
    private long selfNanos;

    Exchange(HttpLoop http) {
        this.http = http;
    }

    /** Returns whether nothing refers to this exchange any more but its connection, which is about to let go of it. */
    boolean reusable() {
        return !active && connecting == null;
    }

    private ClientConnection client() {
        ClientConnection current = owner;
        if (current == null) {
            throw new IllegalStateException("exchange has not begun");
        }
        return current;
    }

    /**
     * Starts to serve the request that {@code head} describes.
     *
     * @param rest what followed the head; borrowed, and read as far as a short body is sent along with the head
     */
    void begin(ClientConnection client, RequestHead head, HttpSettings settings, ByteBuf rest) {
        owner = client;
        active = true;
        startNanos = http.loop().clock().nanoTime();
        segmentNanos = startNanos;
        selfNanos = 0;
        idempotent = head.knownMethod().idempotent();
        bodySent = false;
        failedByMember = false;
        status = 0;
        reused = false;
        freshOnly = false;
        upgrading = head.upgrade();
        response.begin(head, client);
        http.addedLines().clear();
        expectRequestBody(head);
        Pool only = settings.routes().only();
        Pool found = only != null ? only : settings.routes().route(head);
        if (found == null) {
            fail(Failure.NO_ROUTE, null);
            return;
        }
        enter(found, head);
        compose(head, settings, rest);
        if (!requestBody.ended()) {
            client.awaitBody();
        }
        attempt();
    }

    private void expectRequestBody(RequestHead head) {
        if (head.chunked()) {
            requestBody.expectChunks();
        } else if (head.contentLength() > 0) {
            requestBody.expectLength(head.contentLength());
        } else {
            requestBody.expectNothing();
        }
    }

    private void enter(Pool found, RequestHead head) {
        pool = found;
        PoolLoad counts = found.load(http.loop().index());
        load = counts;
        counts.counters().increment(PoolCounter.REQUESTS);
        counts.counters().increment(PoolCounter.IN_FLIGHT);
        Dispatch attempts = dispatch;
        if (attempts == null) {
            attempts = new Dispatch(found);
            dispatch = attempts;
        } else {
            attempts.begin(found);
        }
        HashConfig hash = attempts.snapshot().hash();
        if (hash != null) {
            attempts.goBy(head.key(hash, client().peerAddress()));
        }
    }

    private void compose(RequestHead head, HttpSettings settings, ByteBuf rest) {
        ClientConnection client = client();
        HeadWriter writer = http.writer();
        RequestComposer.compose(
                head,
                client.peerAddress(),
                client.channel().localAddress(),
                settings.client().forwardedFor(),
                http.addedLines(),
                writer);
        int available = rest.readableBytes();
        bodyInHead = !requestBody.ended()
                && available <= ResponseWriter.INLINE_BYTES
                && requestBody.framing() == Framing.LENGTH
                && requestBody.endsWithin(available);
        int inline = bodyInHead ? available : 0;
        ByteBuf out = client.channel().alloc().directBuffer(writer.length() + inline);
        writer.copyTo(out);
        if (bodyInHead) {
            requestBody.read(rest, true, out::writeBytes);
        }
        requestHead = out;
    }

    private void attempt() {
        ClientConnection client = client();
        Dispatch attempts = dispatch;
        Member chosen = attempts == null ? null : attempts.pick();
        if (attempts == null || chosen == null) {
            fail(Failure.NO_MEMBER, null);
            return;
        }
        member = chosen;
        MemberLoad counts = chosen.load(http.loop().index());
        memberLoad = counts;
        counts.counters().increment(MemberCounter.IN_FLIGHT);
        counts.counters().increment(MemberCounter.REQUESTS);
        MemberConnection kept = freshOnly ? null : takeUsable(chosen);
        if (kept != null) {
            counts.counters().increment(MemberCounter.REUSES);
            reused = true;
            attach(kept, kept.channel());
            if (!client.reading()) {
                flushUpstream();
            }
            return;
        }
        reused = false;
        selfNanos += http.loop().clock().nanoTime() - segmentNanos;
        MemberConnection fresh = new MemberConnection(http, chosen);
        connecting = fresh;
        http.connector().connect(chosen, fresh, attempts.upstream().connectTimeout(), false, this);
    }

    private @Nullable MemberConnection takeUsable(Member chosen) {
        MemberConnection kept = http.kept().take(chosen);
        while (kept != null && !kept.usable()) {
            kept = http.kept().take(chosen);
        }
        return kept;
    }

    @Override
    public void onConnected(DuplexChannel channel) {
        ClientConnection client = client();
        MemberConnection fresh = connecting;
        connecting = null;
        if (!active || fresh == null) {
            channel.close();
            return;
        }
        segmentNanos = http.loop().clock().nanoTime();
        attach(fresh, channel);
        if (!client.reading()) {
            flushUpstream();
        }
        if (active && !requestBody.ended()) {
            client.resumeBody();
            if (!client.reading()) {
                flushUpstream();
            }
        }
    }

    @Override
    public void onConnectFailed(Failure failure, @Nullable Throwable cause) {
        connecting = null;
        redispatch(failure, cause, true);
    }

    /**
     * The request reached nobody, or nobody who answered, and may be sent again: to another member at once, or later.
     *
     * @param mayWait whether a later attempt is worth the client's while
     */
    private void redispatch(Failure failure, @Nullable Throwable cause, boolean mayWait) {
        Member failed = member;
        Dispatch attempts = dispatch;
        PoolLoad counts = load;
        if (!active || failed == null || attempts == null || counts == null) {
            return;
        }
        ByteBuf head = requestHead;
        if (head != null) {
            head.readerIndex(0);
        }
        segmentNanos = http.loop().clock().nanoTime();
        failedByMember = true;
        teach(segmentNanos - startNanos);
        failedByMember = false;
        releaseMember();
        switch (attempts.onConnectFailed(failed)) {
            case NOW -> {
                counts.counters().increment(PoolCounter.REDISPATCHES);
                attempt();
            }
            case LATER -> {
                if (!mayWait) {
                    fail(failure, cause);
                    return;
                }
                counts.counters().increment(PoolCounter.RETRIES);
                http.loop().timers().arm(pause, attempts.pauseNanos());
            }
            case GIVE_UP -> fail(failure, cause);
        }
    }

    private void onPauseOver() {
        Dispatch attempts = dispatch;
        if (active && attempts != null) {
            attempts.resume();
            attempt();
        }
    }

    /** Sends the head on a connection that stands. */
    private void attach(MemberConnection connection, DuplexChannel channel) {
        ClientConnection client = client();
        Dispatch attempts = dispatch;
        ByteBuf head = requestHead;
        if (attempts == null || head == null) {
            throw new IllegalStateException("attached before the head was composed");
        }
        upstream = connection;
        connection.assign(this, channel, attempts.upstream());
        countSent(head.readableBytes());
        if (replayable()) {
            connection.write(head.retain());
        } else {
            requestHead = null;
            connection.write(head);
        }
        bodySent = bodyInHead;
        unflushed = true;
        if (requestBody.ended()) {
            client.onRequestComplete();
        }
    }

    private boolean replayable() {
        return idempotent && requestBody.ended() && (bodyInHead || !bodySent);
    }

    private void countSent(int bytes) {
        PoolLoad counts = load;
        MemberLoad memberCounts = memberLoad;
        if (counts != null && memberCounts != null) {
            counts.counters().add(PoolCounter.BYTES_IN, bytes);
            memberCounts.counters().add(MemberCounter.BYTES_SENT, bytes);
        }
    }

    /** Returns whether the next bytes of the client belong to this request. */
    boolean wantsBody() {
        return active && !requestBody.ended();
    }

    /** Returns whether the client takes the end of its connection for the end of the response. */
    boolean endsWithConnection() {
        return response.started() && response.endsWithConnection();
    }

    boolean requestComplete() {
        return requestBody.ended();
    }

    /**
     * Reads request body from {@code bytes}, which it borrows.
     *
     * @return whether it could; if not, there is no connection yet and {@link ClientConnection#resumeBody} follows
     */
    boolean readBody(ByteBuf bytes) {
        ClientConnection client = client();
        MemberConnection to = upstream;
        if (to == null) {
            return false;
        }
        Violation broken = requestBody.read(bytes, true, toUpstream);
        if (broken != null) {
            log.debug(
                    "Refused a request body: peer={} rule={}", client.channel().remoteAddress(), broken);
            fail(Failure.MALFORMED_REQUEST, null);
            return true;
        }
        if (requestBody.ended()) {
            client.onRequestComplete();
        } else {
            client.awaitBody();
            if (!to.channel().isWritable()) {
                client.channel().config().setAutoRead(false);
            }
        }
        return true;
    }

    private void sendToUpstream(ByteBuf source, int index, int length) {
        MemberConnection to = upstream;
        if (to != null && length > 0) {
            bodySent = true;
            unflushed = true;
            countSent(length);
            to.write(source.retainedSlice(index, length));
            to.awaitMember();
        }
    }

    /** Sends what was written to the member, if anything was. */
    void flushUpstream() {
        MemberConnection to = upstream;
        if (!unflushed || to == null) {
            return;
        }
        unflushed = false;
        to.channel().flush();
        selfNanos += http.loop().clock().nanoTime() - segmentNanos;
    }

    void onUpstreamWritable() {
        ClientConnection client = client();
        if (active && !requestBody.ended()) {
            client.resumeBody();
            if (!client.reading()) {
                flushUpstream();
            }
        }
    }

    /** The request has arrived at the member for certain, so the copy of its head is not needed any more. */
    void onFirstResponseByte() {
        releaseHead();
    }

    void onUpstreamBytes(int bytes) {
        segmentNanos = http.loop().clock().nanoTime();
        MemberLoad counts = memberLoad;
        if (counts != null) {
            counts.counters().add(MemberCounter.BYTES_RECEIVED, bytes);
        }
    }

    void onInterim(ResponseHead head) {
        count(head.status());
        response.writeInterim(head, http.writer());
        flushClient();
    }

    /** Prepares {@code body} for what follows {@code head}; returns whether the member may answer so. */
    boolean expectBody(ResponseHead head, BodyReader body) {
        if (head.status() == 101) {
            body.expectUntilClose();
            return upgrading && requestBody.ended();
        }
        if (response.headRequest() || head.bodiless()) {
            body.expectNothing();
        } else if (head.chunked()) {
            body.expectChunks();
        } else if (head.contentLength() >= 0) {
            body.expectLength(head.contentLength());
        } else {
            body.expectUntilClose();
        }
        return true;
    }

    void onResponseHead(ResponseHead head, BodyReader body, ByteBuf rest) {
        ClientConnection client = client();
        count(head.status());
        if (head.status() == 101) {
            requestBody.expectUntilClose();
        }
        boolean mayKeepAlive = requestBody.ended() && !client.draining();
        http.addedLines().clear();
        response.writeHead(head, body, rest, mayKeepAlive, http.addedLines(), http.writer());
        if (head.status() == 101) {
            client.resumeBody();
            flushUpstream();
        }
        pauseUpstreamIfNeeded();
    }

    /** Returns where the response body goes. */
    BodySink toClient() {
        return response.bodySink();
    }

    boolean wantsChunkFraming() {
        return response.wantsChunkFraming();
    }

    /** Sends the client what has been written, at the end of a batch of reads from the member. */
    void flushClient() {
        ClientConnection client = client();
        client.flush();
        selfNanos += http.loop().clock().nanoTime() - segmentNanos;
        pauseUpstreamIfNeeded();
    }

    private void pauseUpstreamIfNeeded() {
        ClientConnection client = client();
        MemberConnection from = upstream;
        if (active && from != null && !client.writable()) {
            from.pause();
            client.awaitClient();
        }
    }

    void onClientWritable() {
        MemberConnection from = upstream;
        if (active && from != null) {
            from.resume();
        }
    }

    /** The client sends no more: fine while it waits for its response, fatal in the middle of its request. */
    void onClientInputEnded() {
        if (requestBody.framing() == Framing.UNTIL_CLOSE) {
            abandonAndClose();
        } else if (!requestBody.ended()) {
            fail(Failure.CLIENT_GONE, null);
        }
    }

    private void abandonAndClose() {
        closeUpstream();
        finish();
        client().onExchangeEnd(false, false);
    }

    void onResponseEnd() {
        ClientConnection client = client();
        upstream = null;
        response.writeEnd();
        boolean keepAlive = response.keepAlive();
        client.flush();
        selfNanos += http.loop().clock().nanoTime() - segmentNanos;
        finish();
        client.onExchangeEnd(keepAlive, requestBody.ended());
    }

    /**
     * The member closed or reset the connection before its response was complete.
     *
     * @param anyByteSeen whether part of a response arrived
     */
    void onUpstreamLost(boolean headSeen, boolean anyByteSeen, @Nullable Throwable cause) {
        upstream = null;
        unflushed = false;
        if (headSeen) {
            fail(Failure.RESPONSE_TRUNCATED, cause);
        } else if (anyByteSeen || requestHead == null) {
            fail(Failure.UPSTREAM_CLOSED, cause);
        } else if (reused) {
            repeat();
        } else {
            tryElsewhere(cause);
        }
    }

    /** A member took the request and closed without a word, as one does that is going down. */
    private void tryElsewhere(@Nullable Throwable cause) {
        MemberLoad counts = memberLoad;
        if (counts != null) {
            counts.counters().increment(MemberCounter.FAILURES);
        }
        redispatch(Failure.UPSTREAM_CLOSED, cause, false);
    }

    /** A kept connection was closed as the request left: sends it again on a new one. */
    private void repeat() {
        PoolLoad counts = load;
        ByteBuf head = requestHead;
        if (counts == null || head == null) {
            return;
        }
        counts.counters().increment(PoolCounter.RETRIES);
        releaseMember();
        head.readerIndex(0);
        freshOnly = true;
        segmentNanos = http.loop().clock().nanoTime();
        Dispatch attempts = dispatch;
        if (attempts != null) {
            attempts.resume();
        }
        attempt();
    }

    /** Ends the exchange without the response it should have had. Does nothing once it has ended. */
    void fail(Failure failure, @Nullable Throwable cause) {
        ClientConnection client = client();
        if (!active) {
            return;
        }
        log.debug(
                "Exchange failed: peer={} pool={} member={} failure={}",
                client.channel().remoteAddress(),
                pool == null ? "-" : pool.name(),
                member,
                failure.label(),
                cause);
        count(failure);
        closeUpstream();
        boolean answered = response.started();
        boolean reset = response.endsWithConnection();
        boolean keepAlive = false;
        if (!answered && failure != Failure.CLIENT_GONE) {
            keepAlive = response.keepAlive() && response.versionOne() && requestBody.ended() && !client.draining();
            count(failure.status());
            client.write(FailureResponse.of(
                    failure,
                    !response.headRequest(),
                    !keepAlive,
                    client.channel().alloc()));
            client.flush();
        }
        finish();
        if (answered || failure == Failure.CLIENT_GONE) {
            client.abort(reset);
        } else {
            client.onExchangeEnd(keepAlive, requestBody.ended());
        }
    }

    /** Ends the exchange because its client is gone. Does nothing once it has ended. */
    void abandon(Failure failure) {
        if (active) {
            count(failure);
            closeUpstream();
            finish();
        }
    }

    private void count(Failure failure) {
        ClientConnection client = client();
        PoolLoad counts = load;
        if (counts == null) {
            client.load().failures().increment(failure);
            return;
        }
        counts.failures().increment(failure);
        MemberLoad memberCounts = memberLoad;
        if (memberCounts != null && failure.origin() == Failure.Origin.UPSTREAM) {
            failedByMember = true;
            memberCounts.counters().increment(MemberCounter.FAILURES);
        }
    }

    private void count(int answered) {
        PoolLoad counts = load;
        if (counts != null) {
            counts.counters().increment(PoolCounter.ofStatus(answered));
        }
        MemberLoad memberCounts = memberLoad;
        if (memberCounts != null && upstream != null) {
            status = answered;
            memberCounts.counters().increment(MemberCounter.ofStatus(answered));
        }
    }

    private void closeUpstream() {
        MemberConnection open = upstream;
        upstream = null;
        if (open != null) {
            open.abandon();
        }
    }

    private void finish() {
        active = false;
        unflushed = false;
        pause.disarm();
        releaseHead();
        PoolLoad counts = load;
        if (counts != null) {
            long tookNanos = http.loop().clock().nanoTime() - startNanos;
            counts.counters().add(PoolCounter.IN_FLIGHT, -1);
            counts.counters().add(PoolCounter.BYTES_OUT, response.writtenBytes());
            counts.latency().record(tookNanos);
            counts.selfTime().record(selfNanos);
            MemberLoad memberCounts = memberLoad;
            if (memberCounts != null) {
                memberCounts.latency().record(tookNanos);
                teach(tookNanos);
            }
        }
        releaseMember();
        load = null;
        pool = null;
    }

    /**
     * Tells a member that is chosen by its past how this exchange went: well, or so that others should be preferred.
     */
    private void teach(long tookNanos) {
        Member taught = member;
        Dispatch attempts = dispatch;
        if (taught == null || attempts == null || !attempts.snapshot().picker().learns()) {
            return;
        }
        long now = http.loop().clock().nanoTime();
        boolean refused = status == 429 || status >= 500;
        if (failedByMember || refused) {
            taught.onFailure(http.loop().index(), tookNanos, now);
        } else if (status != 0) {
            taught.onResponse(http.loop().index(), tookNanos, now);
        }
    }

    private void releaseMember() {
        MemberLoad counts = memberLoad;
        if (counts != null) {
            counts.counters().add(MemberCounter.IN_FLIGHT, -1);
        }
        member = null;
        memberLoad = null;
    }

    private void releaseHead() {
        ByteBuf head = requestHead;
        if (head != null) {
            requestHead = null;
            head.release();
        }
    }
}

package io.myelin.http;

import io.myelin.access.AccessRules;
import io.myelin.access.Inspection;
import io.myelin.balance.HandshakeCounter;
import io.myelin.balance.HashConfig;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.http.BodyReader.Framing;
import io.myelin.http.RuleRun.Outcome;
import io.myelin.log.AccessLog;
import io.myelin.log.Trace;
import io.myelin.model.MemberTls;
import io.myelin.model.NameSource;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.ProxyVersion;
import io.myelin.net.ConnectionEnds;
import io.myelin.net.Deadline;
import io.myelin.net.ListenerCounter;
import io.myelin.net.ProxyHeaderWriter;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.PoolLoad;
import io.myelin.pool.PoolSnapshot;
import io.myelin.pool.StickyMembers;
import io.myelin.pool.UpstreamConfig;
import io.myelin.tls.HandshakeEnd;
import io.myelin.tls.MemberContext;
import io.myelin.upstream.Connector;
import io.myelin.upstream.Dispatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response: finds a member, carries the request there and the response back, and ends exactly once.
 * Reused from one request to the next, of whichever connection of the same event loop.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class Exchange implements Connector.Waiter, Dispatch.Waiting {
    /*
     * The steps, in order: begin (route, ask the service's access rules, run its other rules, compose the head), attempt (pick, perhaps after a wait; reuse or connect),
     * attach (send the head), stream the request body, take the response head, stream the response body, finish. A
     * failed connection leads back to attempt; so does a kept connection that turns out to be dead before the first byte
     * of a response, and what the pool's RetryRules name, when the request may be repeated and is still at hand.
     * Everything else that goes wrong leads to fail or, if the client left, to abandon.
     */
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    /** The longest rest of a request body that is read after an early response, to keep the connection. */
    private static final int MOST_DRAINED_BYTES = 64 * 1024;

    /**
     * How much of a response is collected before it is sent: with less, one more system call costs more than it saves.
     */
    private static final int MOST_UNSENT_BYTES = 128 * 1024;

    private final HttpLoop http;
    private final BodyReader requestBody = new BodyReader();
    private final ReplayBuffer replay = new ReplayBuffer();
    private final ResponseWriter response = new ResponseWriter();
    private final BodySink toUpstream = this::sendToUpstream;
    private final ShortBody shortBody = new ShortBody();
    private final Deadline pause = new Deadline(this::onPauseOver);
    private final Stickiness stickiness;
    private final ExchangeAccount account;
    private @Nullable ClientConnection owner;
    private @Nullable Dispatch dispatch;
    private @Nullable MemberConnection connecting;
    private @Nullable MemberConnection upstream;
    private @Nullable Inspection inspection;
    private @Nullable RuleTable rules;
    private @Nullable AskedNames askedNames;
    private final HeldAnswer held = new HeldAnswer();

    private boolean sticky;
    private boolean active;
    private boolean idempotent;
    private boolean bodyInHead;
    private boolean expectsContinue;
    private boolean reused;
    private boolean freshOnly;
    private boolean upgrading;
    private boolean tunnel;
    private boolean takesTrailers;
    private boolean unflushed;
    private long clientTimeoutNanos;
    private long bodyRoom;

    Exchange(HttpLoop http) {
        this.http = http;
        this.stickiness = new Stickiness(http.loop().clock());
        this.account = new ExchangeAccount(http);
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
        account.open();
        idempotent = head.knownMethod().idempotent();
        expectsContinue = head.expectsContinue();
        reused = false;
        freshOnly = false;
        upgrading = head.upgrade();
        tunnel = false;
        clientTimeoutNanos = settings.clientTimeoutNanos();
        response.begin(head, client);
        http.addedLines().clear();
        expectRequestBody(head, settings.client());
        AccessLog accessLog = settings.accessLog();
        if (accessLog != null) {
            account.note(RequestTrace.begin(accessLog, client, head, account.startNanos()));
        }
        held.begin();
        inspection = null;
        rules = settings.rules();
        head.from(client);
        addLines(head, settings.client());
        if (!findPool(head, settings) || !fits(head, settings.client())) {
            return;
        }
        readKeys(head);
        compose(head, settings, rest);
        if (!requestBody.ended()) {
            client.awaitBody();
        }
        if (active) {
            attemptOnceAdmitted();
        }
    }

    /** Enters the pool that serves the request, past the rules of listener and pool; returns whether it may go on. */
    private boolean findPool(RequestHead head, HttpSettings settings) {
        RuleTable table = rules;
        Pool only = settings.routes().only();
        if (only != null && !enter(only, head)) {
            return false;
        }
        if (table != null && !admits(table, table.own(), head)) {
            return false;
        }
        if (only == null) {
            int route = settings.routes().first(head);
            Pool found = settings.routes().pool(route);
            if (found == null) {
                fail(Failure.NO_ROUTE, null);
                return false;
            }
            if (!enter(found, head) || (table != null && !admits(table, table.ofRoute(route), head))) {
                return false;
            }
        }
        if (!inspect()) {
            return false;
        }
        return table == null || admits(table, table.of(account.pool()), head);
    }

    /** Returns whether the body may be as long as it is said to be, having answered the request if not. */
    private boolean fits(RequestHead head, ClientConfig limits) {
        bodyRoom = limits.maxBodyBytes() == 0 ? Long.MAX_VALUE : limits.maxBodyBytes();
        if (head.contentLength() > bodyRoom) {
            fail(Failure.CONTENT_TOO_LARGE, null);
            return false;
        }
        return true;
    }

    /** Runs rules over the request; returns whether it may go on, having been answered if not. */
    private boolean admits(RuleTable table, HttpRules these, RequestHead head) {
        RuleRun run = http.rules();
        run.begin(table.listener(), client());
        switch (run.onRequest(these, head, account.pool())) {
            case PASS -> {
                idempotent = head.knownMethod().idempotent();
                return true;
            }
            case REFUSE -> {
                if (inspection == null) {
                    fail(run.failure(), run.status(), null);
                } else {
                    held.refuse(run.failure(), run.status(), 0);
                    hold();
                }
            }
            case DELAY -> {
                held.refuse(run.failure(), run.status(), run.delayNanos());
                hold();
            }
            case REDIRECT -> {
                if (inspection == null) {
                    boolean keepAlive = mayKeepAlive();
                    redirect(redirection(run, keepAlive), run.status(), keepAlive);
                } else {
                    held.redirect(redirection(run, false), run.status());
                    hold();
                }
            }
        }
        return false;
    }

    /** Leaves the client without an answer for some time. What it sends meanwhile is discarded. */
    private void hold() {
        Inspection waited = inspection;
        if (client().inputEnded()) {
            fail(Failure.CLIENT_GONE, null);
        } else {
            http.loop().timers().arm(pause, waited == null ? held.takeDelayNanos() : waited.waitNanos());
        }
    }

    /** Tells a client that was held what there is to tell. */
    private void answerHeld() {
        long delayNanos = held.takeDelayNanos();
        ByteBuf redirection = held.takeRedirection();
        if (delayNanos > 0) {
            http.loop().timers().arm(pause, delayNanos);
        } else if (redirection != null) {
            redirect(redirection, held.status(), false);
        } else {
            fail(held.failure(), held.status(), null);
        }
    }

    /** Returns the whole answer of rules that do not leave it to a failure to be one. */
    private ByteBuf redirection(RuleRun run, boolean keepAlive) {
        HeadWriter head = run.answer();
        if (!keepAlive) {
            head.bytes(Phrases.CLOSE_LINE);
        }
        head.crlf();
        ByteBuf out = client().channel().alloc().directBuffer(head.length());
        head.copyTo(out);
        return out;
    }

    private void redirect(ByteBuf answer, int status, boolean keepAlive) {
        ClientConnection client = client();
        count(status);
        if (account.pool() == null && status / 100 == 3) {
            client.load().counters().increment(ListenerCounter.REDIRECTS);
        }
        client.write(answer);
        client.flush();
        finish();
        client.onExchangeEnd(keepAlive, requestBody.ended() && !held.pending());
    }

    private boolean mayKeepAlive() {
        return response.keepAlive()
                && response.versionOne()
                && requestBody.ended()
                && !held.pending()
                && client().mayServeAnother();
    }

    /**
     * Asks the service's access rules, which come before its other rules; returns whether they do not refuse the
     * request. While they want it to wait there is an {@link #inspection}.
     */
    private boolean inspect() {
        Dispatch attempts = dispatch;
        AccessRules access = attempts == null ? null : attempts.snapshot().access();
        if (access == null) {
            return true;
        }
        inspection = new Inspection(List.of(access), ConnectionEnds.ipOf(client().peer()));
        return admitted() || inspection != null;
    }

    /** Returns whether the service's access rules let the request in now; if not, it was refused or has to wait. */
    private boolean admitted() {
        Inspection current = inspection;
        if (current == null) {
            return true;
        }
        switch (current.proceed()) {
            case ACCEPT -> inspection = null;
            case REJECT -> {
                inspection = null;
                account.failed(Failure.CLIENT_REFUSED, client().load());
                finish();
                client().abort(false);
                return false;
            }
            case WAIT -> {
                return false;
            }
        }
        return true;
    }

    private void attemptOnceAdmitted() {
        Inspection waiting = inspection;
        if (waiting == null) {
            attempt();
        } else {
            http.loop().timers().arm(pause, waiting.waitNanos());
        }
    }

    private void addLines(RequestHead head, ClientConfig config) {
        if (config.requestId().mode() != RequestIdConfig.Mode.OFF) {
            http.requestIds().stamp(head, config.requestId(), client().channel(), http.addedLines());
            Trace trace = account.trace();
            if (trace != null) {
                trace.named(http.requestIds().text());
            }
        }
        String via = config.via();
        if (via != null) {
            Via.write(head.minorVersion(), via, http.addedLines());
        }
    }

    private void expectRequestBody(RequestHead head, ClientConfig limits) {
        takesTrailers = head.takesTrailers();
        if (takesTrailers && !upgrading) {
            http.addedLines().bytes(Phrases.TRAILERS_LINES);
        }
        if (head.chunked()) {
            TrailerRules trailers = head.trailers();
            if (trailers != null) {
                trailers.writeAnnouncement(head.fields(), http.addedLines());
            }
            requestBody.expectChunks(limits.maxHeadBytes(), limits.maxHeaderFields(), trailers);
        } else if (head.contentLength() > 0) {
            requestBody.expectLength(head.contentLength());
        } else {
            requestBody.expectNothing();
        }
    }

    /**
     * Makes the exchange one of the pool's; returns whether the pool serves such requests, having answered it if not.
     */
    private boolean enter(Pool found, RequestHead head) {
        if (head.knownMethod() == Method.CONNECT && !found.snapshot().upstream().connect()) {
            fail(Failure.METHOD_NOT_SUPPORTED, null);
            return false;
        }
        account.enter(found);
        Dispatch attempts = dispatch;
        if (attempts == null) {
            attempts = new Dispatch(found);
            dispatch = attempts;
        } else {
            attempts.begin(found);
        }
        return true;
    }

    /** Takes from the request what the choice of a member depends on. */
    private void readKeys(RequestHead head) {
        Dispatch attempts = dispatch;
        PoolLoad counts = account.load();
        if (attempts == null || counts == null) {
            throw new IllegalStateException("no pool was entered");
        }
        PoolSnapshot snapshot = attempts.snapshot();
        HashConfig hash = snapshot.hash();
        if (hash != null) {
            attempts.goBy(head.key(hash, client().peerAddress()));
        }
        List<NameSource> sources = snapshot.encryption().nameSources();
        askedNames = sources.isEmpty() ? null : AskedNames.of(sources, head);
        StickyMembers members = snapshot.sticky();
        sticky = members != null;
        if (members != null) {
            attempts.stickTo(stickiness.onRequest(members, head, counts.counters()));
        }
    }

    private void compose(RequestHead head, HttpSettings settings, ByteBuf rest) {
        ClientConnection client = client();
        HeadWriter writer = http.writer();
        RequestComposer.compose(
                head,
                client.peerAddress(),
                client.local(),
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
            shortBody.append(requestBody, rest, out);
            Trace trace = account.trace();
            if (trace != null) {
                trace.received(available - rest.readableBytes());
            }
        }
        int room = upstreamConfig().retryRules().bodyBytes();
        boolean fits = requestBody.framing() != Framing.LENGTH || requestBody.endsWithin(room);
        replay.begin(out, fits ? room : 0);
    }

    private UpstreamConfig upstreamConfig() {
        Dispatch attempts = dispatch;
        return attempts == null ? UpstreamConfig.DEFAULT : attempts.upstream();
    }

    private void attempt() {
        Dispatch attempts = dispatch;
        Member chosen = attempts == null ? null : attempts.pick();
        if (attempts != null && chosen != null) {
            attempt(attempts, chosen);
        } else if (attempts == null || !attempts.lineUp(http.loop(), this)) {
            fail(Failure.NO_MEMBER, null);
        } else {
            account.queued();
        }
    }

    @Override
    public void onTurn(Member free) {
        Dispatch attempts = dispatch;
        if (attempts != null) {
            account.waited(true);
            attempt(attempts, free);
        }
    }

    @Override
    public void onNoTurn(Failure failure) {
        account.waited(false);
        fail(failure, null);
    }

    private void attempt(Dispatch attempts, Member chosen) {
        account.take(chosen, attempts.snapshot().version());
        boolean shared = attempts.upstream().sendProxy() == ProxyVersion.OFF;
        ClientConnection client = client();
        String name = askedNames == null ? null : askedNames.of(chosen);
        MemberConnection kept = freshOnly
                ? null
                : shared ? takeUsable(chosen, name) : client.ownConnections().take(chosen, name);
        if (kept != null) {
            account.ofMember(MemberCounter.REUSES);
            reused = true;
            attach(kept, kept.channel());
            goOn();
            return;
        }
        reused = false;
        account.suspend();
        MemberConnection fresh = new MemberConnection(http, chosen, shared ? null : client.ownConnections(), name);
        connecting = fresh;
        http.connector().connect(chosen, fresh, attempts.upstream(), false, this);
    }

    private @Nullable MemberConnection takeUsable(Member chosen, @Nullable String name) {
        MemberConnection kept = takeKept(chosen, name);
        while (kept != null && (!kept.usable() || kept.expired(account.segmentNanos()))) {
            kept.discard();
            kept = takeKept(chosen, name);
        }
        return kept;
    }

    /** What was asked for one name serves no request for another. */
    private @Nullable MemberConnection takeKept(Member chosen, @Nullable String name) {
        MemberTls tls = chosen.tls();
        boolean anyName = tls == null || tls.nameSource() == null;
        return anyName ? http.kept().take(chosen) : http.kept().take(chosen, name);
    }

    @Override
    public @Nullable String serverName(Member member) {
        MemberConnection fresh = connecting;
        return fresh == null ? null : fresh.name();
    }

    @Override
    public void onConnected(DuplexChannel channel, @Nullable MemberContext encryption) {
        MemberConnection fresh = connecting;
        connecting = null;
        if (!active || fresh == null) {
            channel.close();
            return;
        }
        account.resume();
        fresh.encryptedBy(encryption);
        attach(fresh, channel);
        goOn();
    }

    /** Sends the head now, and the body that arrived meanwhile, unless both are about to happen anyway. */
    private void goOn() {
        ClientConnection client = client();
        if (client.reading()) {
            return;
        }
        flushUpstream();
        resumeBody();
    }

    /** Lets the body go on that waited for a connection. */
    private void resumeBody() {
        if (active && upstream != null && !requestBody.ended()) {
            ClientConnection client = client();
            client.resumeBody();
            if (tunnel) {
                client.onRequestComplete();
            }
            if (!client.reading()) {
                flushUpstream();
            }
        }
    }

    /** Tells the member who its client is, ahead of everything else on the connection, if it is to know. */
    @Override
    public void introduce(DuplexChannel channel) {
        ProxyVersion version = upstreamConfig().sendProxy();
        if (active && version != ProxyVersion.OFF) {
            ClientConnection client = client();
            ByteBuf header = ProxyHeaderWriter.write(version, client.peer(), client.local(), channel.alloc());
            channel.write(header, channel.voidPromise());
        }
    }

    @Override
    public void onConnectFailed(Failure failure, @Nullable Throwable cause) {
        connecting = null;
        if (upstreamConfig().retryRules().after(failure)) {
            reconnect(failure, cause);
        } else {
            fail(failure, cause);
        }
    }

    /** The request reached nobody, and may be sent again: to another member at once, or later. */
    private void reconnect(Failure failure, @Nullable Throwable cause) {
        Member failed = account.member();
        Dispatch attempts = dispatch;
        if (!active || failed == null || attempts == null) {
            return;
        }
        leaveMember();
        switch (attempts.onConnectFailed(failed)) {
            case NOW -> {
                account.ofPool(PoolCounter.REDISPATCHES);
                ofMember(failed, MemberCounter.REDISPATCHES);
                attempt();
                resumeBody();
            }
            case LATER -> {
                account.ofPool(PoolCounter.RETRIES);
                ofMember(failed, MemberCounter.RETRIES);
                http.loop().timers().arm(pause, attempts.pauseNanos());
            }
            case GIVE_UP -> fail(failure, cause);
        }
    }

    /** Gives the member up that the current attempt failed with. */
    private void leaveMember() {
        account.attemptFailed(dispatch);
        releaseMember();
    }

    private void onPauseOver() {
        Dispatch attempts = dispatch;
        if (!active) {
            return;
        }
        if (!admitted()) {
            Inspection waiting = inspection;
            if (waiting != null) {
                http.loop().timers().arm(pause, waiting.waitNanos());
            }
        } else if (held.pending()) {
            answerHeld();
        } else if (attempts != null) {
            attempts.resume();
            attempt();
            resumeBody();
        }
    }

    /** Sends what there is of the request on a connection that stands. */
    private void attach(MemberConnection connection, DuplexChannel channel) {
        ClientConnection client = client();
        boolean complete = requestBody.ended();
        upstream = connection;
        Trace trace = account.trace();
        if (trace != null) {
            trace.connected(account.segmentNanos());
        }
        connection.assign(this, channel, upstreamConfig(), complete);
        account.sent(replay.writeTo(connection));
        unflushed = true;
        if (complete) {
            client.onRequestComplete();
        }
    }

    /** Returns whether what follows is no longer HTTP. */
    boolean tunnel() {
        return tunnel;
    }

    /** Returns whether the next bytes of the client belong to this request. */
    boolean wantsBody() {
        return active && (!requestBody.ended() || held.pending());
    }

    /** Returns whether the client has to go on with its request. */
    boolean awaitsBody() {
        return wantsBody() && !tunnel && !(expectsContinue && response.started());
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
        if (held.pending()) {
            bytes.skipBytes(bytes.readableBytes());
            return true;
        }
        if (to == null) {
            return false;
        }
        int before = bytes.readableBytes();
        Violation broken = requestBody.read(bytes, true, toUpstream);
        Trace trace = account.trace();
        if (trace != null) {
            trace.received(before - bytes.readableBytes());
        }
        if (broken != null) {
            http.violations().onRequest(client.settings().name(), client.peer(), broken);
            broke(broken);
            fail(broken.failure(), null);
            return true;
        }
        if (bodyRoom < 0) {
            fail(Failure.CONTENT_TOO_LARGE, null);
            return true;
        }
        expectsContinue = false;
        if (!to.channel().isWritable()) {
            // Much has come in: while it is in the processor's caches, passing it on costs least.
            flushUpstream();
            if (upstream != to) {
                return true;
            }
        }
        boolean full = !to.channel().isWritable();
        if (full || tunnel || requestBody.ended()) {
            client.onRequestComplete();
            to.awaitMember();
        } else {
            client.awaitBody();
        }
        if (full && !requestBody.ended()) {
            client.channel().config().setAutoRead(false);
        }
        return true;
    }

    /**
     * Reads what is left of the body after the exchange has ended, for the sake of the request behind it.
     *
     * @return whether it is a body so far
     */
    boolean discardBody(ByteBuf bytes) {
        return requestBody.read(bytes, false, (source, index, length) -> {}) == null;
    }

    /** The member broke a rule of HTTP; {@link #fail} follows. */
    void onViolation(Violation broken) {
        Member answering = account.member();
        http.violations().onResponse(client().settings().name(), answering == null ? "-" : answering, broken);
        broke(broken);
    }

    private void broke(Violation broken) {
        Trace trace = account.trace();
        if (trace != null) {
            trace.broke(broken.label());
        }
    }

    private void sendToUpstream(ByteBuf source, int index, int length) {
        MemberConnection to = upstream;
        if (to != null && length > 0) {
            unflushed = true;
            bodyRoom -= length;
            account.sent(length);
            ByteBuf piece = source.retainedSlice(index, length);
            replay.add(piece);
            to.write(piece);
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
        account.suspend();
        boolean unsent = to.nothingSent() && replay.complete() && !replay.headTouched();
        if (unsent && reused && upstream == to) {
            closeUpstream();
            repeat();
        } else if (!idempotent && !unsent) {
            replay.release();
        }
    }

    void onUpstreamWritable() {
        MemberConnection to = upstream;
        if (to != null && !requestBody.ended()) {
            to.awaitNothing();
            resumeBody();
        }
    }

    void onUpstreamBytes(int bytes) {
        account.resume();
        account.received(bytes);
    }

    void onInterim(ResponseHead head) {
        replay.release();
        expectsContinue &= head.status() != 100;
        MemberConnection from = upstream;
        if (from != null && !requestBody.ended()) {
            from.awaitNothing();
        }
        count(head.status());
        response.writeInterim(head, http.writer());
        flushClient();
    }

    /** Prepares {@code body} for what follows {@code head}; returns whether the member may answer so. */
    boolean expectBody(ResponseHead head, BodyReader body) {
        if (response.tunnels(head)) {
            body.expectUntilClose();
            return head.status() != 101 || (upgrading && requestBody.ended());
        }
        if (response.headRequest() || head.bodiless()) {
            body.expectNothing();
        } else if (head.chunked()) {
            body.expectChunks(
                    upstreamConfig().maxResponseHeadBytes(),
                    ResponseHead.MAX_FIELDS,
                    takesTrailers ? TrailerRules.ofResponse(head.fields()) : null);
        } else if (head.contentLength() >= 0) {
            body.expectLength(head.contentLength());
        } else {
            body.expectUntilClose();
        }
        return true;
    }

    void onResponseHead(ResponseHead head, BodyReader body, ByteBuf rest) {
        ClientConnection client = client();
        if (repeatsAfter(head)) {
            return;
        }
        RuleTable table = rules;
        if (table != null && !admits(table, head)) {
            return;
        }
        Trace trace = account.trace();
        if (trace != null) {
            trace.answered(
                    RequestTrace.captured(head.fields(), trace.config().responseHeaders()), account.segmentNanos());
        }
        count(head.status());
        replay.release();
        if (response.tunnels(head)) {
            tunnel = true;
            bodyRoom = Long.MAX_VALUE;
            requestBody.expectUntilClose();
        } else if (expectsContinue) {
            // The client need not send a body that was not asked for (RFC 9110 section 10.1.1).
            client.onRequestComplete();
        }
        boolean mayKeepAlive = (requestBody.ended() || drainable()) && client.mayServeAnother();
        http.addedLines().clear();
        if (sticky) {
            nameMember(head);
        }
        if (takesTrailers && head.chunked()) {
            TrailerRules.ofResponse(head.fields()).writeAnnouncement(head.fields(), http.addedLines());
        }
        String via = client.settings().client().via();
        if (via != null) {
            Via.write(head.minorVersion(), via, http.addedLines());
        }
        response.writeHead(head, body, rest, mayKeepAlive, http.addedLines(), http.writer());
        MemberConnection from = upstream;
        if (tunnel && from != null) {
            from.limit(tunnelIdleNanos());
            resumeBody();
        }
        pauseUpstreamIfNeeded();
    }

    /** Lets the client know by its cookie who answered. */
    private void nameMember(ResponseHead head) {
        Dispatch attempts = dispatch;
        Member served = account.member();
        PoolLoad counts = account.load();
        StickyMembers members = attempts == null ? null : attempts.snapshot().sticky();
        if (members != null && served != null && counts != null) {
            stickiness.onResponse(members, head, served, counts.counters(), http.addedLines());
        }
    }

    /**
     * Returns after how long a silent tunnel ends, 0 for never: the pool's limit for tunnels, or else the shorter of
     * the two sides' limits.
     */
    private long tunnelIdleNanos() {
        Duration limit = upstreamConfig().tunnelTimeout();
        if (limit != null) {
            return limit.toNanos();
        }
        long member = upstreamConfig().serverTimeout().toNanos();
        if (clientTimeoutNanos == 0 || member == 0) {
            return Math.max(clientTimeoutNanos, member);
        }
        return Math.min(clientTimeoutNanos, member);
    }

    /** Returns how long the client may leave what it is sent, 0 for any time. */
    long clientLimitNanos() {
        return tunnel ? tunnelIdleNanos() : clientTimeoutNanos;
    }

    /** Nothing came from the member for too long after its response had begun. */
    void onSilence() {
        Trace trace = account.trace();
        if (trace != null) {
            trace.memberSilent();
        }
        fail(tunnel ? Failure.CLIENT_TIMEOUT : Failure.RESPONSE_TRUNCATED, null);
    }

    /** Returns whether little enough of the body is left, and certain to come, to be read for nothing. */
    private boolean drainable() {
        return !expectsContinue
                && requestBody.framing() == Framing.LENGTH
                && requestBody.endsWithin(MOST_DRAINED_BYTES);
    }

    /** Returns whether the request has left this response behind for another attempt. */
    private boolean repeatsAfter(ResponseHead head) {
        if (head.status() < 400 || !idempotent || !replay.complete()) {
            return false;
        }
        if (reused && head.status() == 408 && !head.keepAlive()) {
            // Meant for the idle connection, on which it crossed the request (RFC 9110 section 15.5.9).
            closeUpstream();
            repeat();
            return true;
        }
        if (!upstreamConfig().retryRules().after(head.status()) || !mayTryAgain()) {
            return false;
        }
        account.answeredByMember(head.status());
        tryAgain();
        return true;
    }

    private boolean mayTryAgain() {
        Member failed = account.member();
        Dispatch attempts = dispatch;
        return active && failed != null && attempts != null && attempts.onUnanswered(failed);
    }

    /** Sends the request to whom {@link #mayTryAgain} found, which may be the same member again. */
    private void tryAgain() {
        closeUpstream();
        boolean elsewhere = upstreamConfig().redispatch();
        account.ofPool(elsewhere ? PoolCounter.REDISPATCHES : PoolCounter.RETRIES);
        account.ofMember(elsewhere ? MemberCounter.REDISPATCHES : MemberCounter.RETRIES);
        leaveMember();
        attempt();
        resumeBody();
    }

    /**
     * Runs the rules of pool and listener over the response, as HAProxy does in this order; returns whether it may go
     * on, having been replaced by a failure if not.
     */
    private boolean admits(RuleTable table, ResponseHead head) {
        RuleRun run = http.rules();
        run.begin(table.listener(), client());
        Pool pool = account.pool();
        Member answering = account.member();
        Outcome outcome = run.onResponse(table.of(pool), head, pool, answering);
        if (outcome == Outcome.PASS) {
            outcome = run.onResponse(table.own(), head, pool, answering);
        }
        if (outcome != Outcome.PASS) {
            fail(run.failure(), run.status(), null);
        }
        return outcome == Outcome.PASS;
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
        account.suspend();
        pauseUpstreamIfNeeded();
    }

    /** Sends the client a large part of the response as soon as it is here, while it is in the processor's caches. */
    void relieve() {
        ClientConnection client = client();
        if (active && client.unsentBytes() >= MOST_UNSENT_BYTES) {
            client.channel().flush();
            pauseUpstreamIfNeeded();
        }
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
        MemberConnection to = upstream;
        if (requestBody.framing() == Framing.UNTIL_CLOSE && to != null) {
            to.endOutput();
        } else if (!requestBody.ended() || held.pending()) {
            fail(Failure.CLIENT_GONE, null);
        }
    }

    /**
     * The response is complete.
     *
     * @param droppedTrailers how many of its trailer fields ended here
     */
    void onResponseEnd(int droppedTrailers) {
        ClientConnection client = client();
        account.trailersDropped(droppedTrailers + requestBody.droppedTrailers());
        upstream = null;
        response.writeEnd();
        boolean keepAlive = response.keepAlive();
        client.flush();
        account.suspend();
        finish();
        client.onExchangeEnd(keepAlive, requestBody.ended());
    }

    /**
     * The member closed or reset the connection before its response was complete.
     *
     * @param anyByteSeen whether part of a response arrived
     * @param nothingSent whether it cannot have got a byte of the request
     */
    void onUpstreamLost(boolean headSeen, boolean anyByteSeen, boolean nothingSent, @Nullable Throwable cause) {
        upstream = null;
        unflushed = false;
        boolean safe = idempotent || (nothingSent && !replay.headTouched());
        boolean repeatable = safe && !headSeen && !anyByteSeen && replay.complete();
        // With TLS 1.3 a member that does not accept our certificate says so after the handshake.
        boolean refused = HandshakeEnd.causes(cause);
        Failure failure = refused ? Failure.TLS_FAILED : Failure.UPSTREAM_CLOSED;
        Member refusing = account.member();
        if (refused && !reused && !headSeen && refusing != null) {
            refusing.onHandshake(http.loop().index(), HandshakeCounter.REFUSED);
        }
        if (repeatable && reused) {
            repeat();
        } else if (repeatable) {
            tryAgainOrFail(failure, cause);
        } else {
            fail(headSeen ? Failure.RESPONSE_TRUNCATED : failure, cause);
        }
    }

    /** The member does not answer in time, or not in HTTP. */
    void onNoResponse(Failure failure) {
        Trace trace = account.trace();
        if (trace != null && failure == Failure.RESPONSE_TIMEOUT) {
            trace.memberSilent();
        }
        if (idempotent && replay.complete()) {
            tryAgainOrFail(failure, null);
        } else {
            fail(failure, null);
        }
    }

    /** A member took the request and gave nothing for it, as one does that is going down. */
    private void tryAgainOrFail(Failure failure, @Nullable Throwable cause) {
        if (upstreamConfig().retryRules().after(failure) && mayTryAgain()) {
            account.failedByMember(failure);
            tryAgain();
        } else {
            fail(failure, cause);
        }
    }

    private void ofMember(Member member, MemberCounter counter) {
        member.load(http.loop().index()).counters().increment(counter);
    }

    /** A kept connection was closed as the request left: sends it again on a new one. */
    private void repeat() {
        account.ofPool(PoolCounter.RETRIES);
        account.ofMember(MemberCounter.RETRIES);
        releaseMember();
        freshOnly = true;
        account.resume();
        Dispatch attempts = dispatch;
        if (attempts != null) {
            attempts.resume();
        }
        attempt();
        resumeBody();
    }

    /** Ends the exchange without the response it should have had. Does nothing once it has ended. */
    void fail(Failure failure, @Nullable Throwable cause) {
        fail(failure, client().settings().client().statusOf(failure), cause);
    }

    /** The same, with a status for the client that is not the usual one. */
    private void fail(Failure failure, int told, @Nullable Throwable cause) {
        ClientConnection client = client();
        if (!active) {
            return;
        }
        Pool pool = account.pool();
        log.debug(
                "Exchange failed: peer={} pool={} member={} failure={}",
                client.peer(),
                pool == null ? "-" : pool.name(),
                account.member(),
                failure.label(),
                cause);
        account.failed(failure, client.load());
        closeUpstream();
        boolean answered = response.started();
        boolean reset = response.endsWithConnection();
        boolean keepAlive = false;
        if (!answered && failure != Failure.CLIENT_GONE) {
            keepAlive = mayKeepAlive();
            count(told);
            ByteBuf answer = FailureResponse.of(
                    failure,
                    told,
                    client.settings().client().errorPages(),
                    !response.headRequest(),
                    !keepAlive,
                    client.channel().alloc());
            Trace trace = account.trace();
            if (trace != null) {
                trace.sent(answer.readableBytes());
            }
            client.write(answer);
            client.flush();
        }
        finish();
        if (failure == Failure.CLIENT_GONE || (answered && reset)) {
            client.abort(reset);
        } else if (answered) {
            client.breakOff();
        } else {
            client.onExchangeEnd(keepAlive, requestBody.ended() && !held.pending());
        }
    }

    /** Ends the exchange if one of {@code members} has it: what they have in progress is to end. */
    void endFrom(Set<Member> members) {
        Member serving = account.member();
        if (active && serving != null && members.contains(serving)) {
            fail(Failure.SESSION_ENDED, null);
        }
    }

    /** Ends the exchange because its client is gone. Does nothing once it has ended. */
    void abandon(Failure failure) {
        if (active) {
            account.failed(failure, client().load());
            closeUpstream();
            finish();
        }
    }

    private void count(int answered) {
        account.answered(answered);
        if (upstream != null) {
            account.answeredByMember(answered);
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
        inspection = null;
        held.release();
        replay.release();
        account.settle(dispatch, response.writtenBytes());
        releaseMember();
        account.close(response.writtenBytes());
    }

    private void releaseMember() {
        account.release();
        Dispatch attempts = dispatch;
        if (attempts != null) {
            attempts.release();
        }
    }
}

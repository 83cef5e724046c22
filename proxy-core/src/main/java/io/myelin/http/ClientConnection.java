package io.myelin.http;

import io.myelin.access.AccessRules;
import io.myelin.access.Inspection;
import io.myelin.balance.Member;
import io.myelin.failure.Failure;
import io.myelin.log.AccessLog;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.ClientSession;
import io.myelin.net.ConnectionEnds;
import io.myelin.net.Deadline;
import io.myelin.net.ListenerLoad;
import io.myelin.net.Peer;
import io.myelin.route.TlsView;
import io.myelin.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: reads its requests one after the other, gives each to its {@link Exchange}, and writes what
 * comes back.
 */
@OwnedBy(Owner.EVENT_LOOP)
public final class ClientConnection extends ChannelInboundHandlerAdapter implements ClientSession {
    /*
     * A connection is in one of these states:
     *
     *   WAIT      the listener's rules have the next request wait      their delay, then IDLE
     *   IDLE      between requests; no byte of the next one is here      keep-alive timeout, then silent close
     *   HEAD      part of a request head is here                         request timeout, then 408
     *   EXCHANGE  a request is being served                              client timeout while its body is awaited
     *   DRAIN     answered early; the rest of the body is discarded      client timeout, then close
     *   LINGER    the last response is on its way, input is discarded    client timeout, then a short limit, then close
     *   CLOSED
     *
     * Requests that arrive while another is served wait in `pending`; reading stops when that holds enough.
     */
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);
    private static final int MOST_PIPELINED_BYTES = 64 * 1024;
    private static final long NOT_TIMED = Long.MIN_VALUE;
    private static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();

    private final HttpLoop http;
    private final Supplier<HttpSettings> listener;
    private final ListenerLoad load;
    private final DuplexChannel channel;
    private final @Nullable ConnectionEnds told;
    private final Deadline deadline = new Deadline(this::onDeadline);
    private HttpSettings settings;
    private State state = State.IDLE;
    /** What is being served; there is one in the state EXCHANGE only. */
    private @Nullable Exchange exchange;

    private @Nullable ByteBuf pending;
    private byte @Nullable [] peerAddress;
    private @Nullable OwnConnections own;
    private @Nullable Inspection inspection;
    private int scannedBytes;
    private int headBytes;
    private long headStartNanos = NOT_TIMED;
    private boolean reading;
    private boolean processing;
    private boolean inputEnded;
    private boolean draining;
    private int requests;
    private boolean encrypted;
    /** What the handshake came to, from when on somebody wants to know. */
    private @Nullable TlsView tls;

    private boolean admitted;

    private enum State {
        WAIT,
        IDLE,
        HEAD,
        EXCHANGE,
        DRAIN,
        LINGER,
        CLOSED
    }

    /**
     * Creates the handler of a client that was just accepted.
     *
     * @param listener asked once per request, so that a change of routes takes effect with the next one
     * @param told whom a PROXY header named, {@code null} if the addresses of the socket count
     */
    public ClientConnection(
            HttpLoop http,
            Supplier<HttpSettings> listener,
            ListenerLoad load,
            DuplexChannel channel,
            @Nullable ConnectionEnds told) {
        this.http = http;
        this.listener = listener;
        this.load = load;
        this.channel = channel;
        this.told = told;
        this.settings = listener.get();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        encrypted = Peer.encrypted(channel);
        if (encrypted && settings.accessLog() != null) {
            tls = TlsSession.of(channel);
        }
        load.enter(this);
        http.loop().timers().arm(deadline, settings.client().requestTimeout().toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        ByteBuf bytes = (ByteBuf) message;
        if (state == State.LINGER || state == State.CLOSED) {
            bytes.release();
            return;
        }
        ByteBuf waiting = pending;
        pending = waiting == null ? bytes : Cumulation.append(waiting, bytes);
        process();
    }

    /** Sends everything that the bytes just read led to, in as few writes as possible. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        flushUpstream();
        channel.flush();
    }

    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        processAll();
        processing = false;
        ByteBuf rest = pending;
        if (rest != null && (!rest.isReadable() || state == State.LINGER || state == State.CLOSED)) {
            pending = null;
            rest.release();
        }
        if (inputEnded && (state == State.IDLE || state == State.HEAD)) {
            // There is no more to come of what was begun, if anything was.
            leave();
        }
    }

    private void processAll() {
        for (ByteBuf bytes = pending; bytes != null && bytes.isReadable(); bytes = pending) {
            boolean progress = switch (state) {
                case IDLE, HEAD -> readHead(bytes);
                case EXCHANGE -> readBody(bytes);
                case WAIT -> false;
                case DRAIN -> discardBody(bytes);
                case LINGER, CLOSED -> {
                    bytes.skipBytes(bytes.readableBytes());
                    yield true;
                }
            };
            if (!progress) {
                return;
            }
        }
    }

    /** Returns whether a request began, or the connection took another turn. */
    private boolean readHead(ByteBuf bytes) {
        if (state == State.IDLE && scannedBytes == 0) {
            skipEmptyLines(bytes);
            if (!bytes.isReadable()) {
                return false;
            }
        }
        settings = listener.get();
        AccessRules access = settings.access();
        if (access != null && !admitted && !admit(access)) {
            return state == State.CLOSED;
        }
        int limit = settings.client().maxHeadBytes();
        int readable = bytes.readableBytes();
        int line = settings.client().maxRequestLineBytes();
        boolean mayBeComplete = scannedBytes == 0
                || readable >= limit
                || (scannedBytes < line && readable >= line)
                || bytes.indexOf(bytes.readerIndex() + scannedBytes, bytes.writerIndex(), Octets.LF) >= 0;
        if (!mayBeComplete) {
            return awaitRest(readable);
        }
        RequestHead head = http.requestHead().within(settings.client());
        int length = http.headBytes().parse(bytes, limit, head);
        if (length >= 0) {
            scannedBytes = 0;
            headBytes = length;
            bytes.skipBytes(length);
            state = State.EXCHANGE;
            admitted = false;
            inspection = null;
            deadline.disarm();
            requests++;
            Exchange next = http.takeExchange();
            exchange = next;
            next.begin(this, head, settings, bytes);
            return true;
        }
        Violation broken = length == Fields.REJECTED ? head.violation() : null;
        if (broken == null && readable >= limit) {
            broken = Violation.HEAD_LENGTH;
        }
        if (broken == null) {
            return awaitRest(readable);
        }
        refuse(broken);
        return true;
    }

    /** Asks the listener's rules about the request whose first bytes are here; returns whether it may be read now. */
    private boolean admit(AccessRules access) {
        Inspection current = inspection;
        if (current == null) {
            current = new Inspection(List.of(access), ConnectionEnds.ipOf(peer()));
        }
        inspection = null;
        switch (current.proceed()) {
            case ACCEPT -> admitted = true;
            case REJECT -> {
                load.failures().increment(Failure.CLIENT_REFUSED);
                close();
            }
            case WAIT -> {
                inspection = current;
                state = State.WAIT;
                channel.config().setAutoRead(false);
                http.loop().timers().arm(deadline, current.waitNanos());
            }
        }
        return admitted;
    }

    /** The delay that the listener's rules want is over. */
    private void endWait() {
        state = State.IDLE;
        http.loop().timers().arm(deadline, settings.client().requestTimeout().toNanos());
        if (!inputEnded) {
            channel.config().setAutoRead(true);
        }
        process();
        flushUpstream();
    }

    /** An empty line between requests, as some clients send it after a body, begins nothing. */
    private static void skipEmptyLines(ByteBuf bytes) {
        while (bytes.readableBytes() >= 2
                && bytes.getByte(bytes.readerIndex()) == Octets.CR
                && bytes.getByte(bytes.readerIndex() + 1) == Octets.LF) {
            bytes.skipBytes(2);
        }
    }

    private boolean awaitRest(int readable) {
        scannedBytes = readable;
        if (state == State.IDLE) {
            state = State.HEAD;
            if (settings.accessLog() != null) {
                headStartNanos = http.loop().clock().nanoTime();
            }
            if (requests > 0) {
                http.loop()
                        .timers()
                        .arm(deadline, settings.client().requestTimeout().toNanos());
            }
        }
        return false;
    }

    private boolean readBody(ByteBuf bytes) {
        Exchange current = exchange;
        if (current != null && current.wantsBody()) {
            boolean progress = current.readBody(bytes);
            if (!progress) {
                // The client has done its part; the exchange asks for more when it has a member.
                deadline.disarm();
                channel.config().setAutoRead(false);
            }
            return progress;
        }
        if (bytes.readableBytes() >= MOST_PIPELINED_BYTES) {
            channel.config().setAutoRead(false);
        }
        return false;
    }

    private boolean discardBody(ByteBuf bytes) {
        Exchange over = exchange;
        if (over == null || !over.discardBody(bytes)) {
            linger();
        } else if (over.requestComplete()) {
            state = State.EXCHANGE;
            onExchangeEnd(true, true);
        }
        return true;
    }

    /** Refuses what cannot be read as a request, and ends the connection because nobody knows where the next one is. */
    private void refuse(Violation broken) {
        http.violations().onRequest(settings.name(), channel.remoteAddress(), broken);
        answerUnread(broken.failure(), broken);
    }

    private void answerUnread(Failure failure, @Nullable Violation broken) {
        load.failures().increment(failure);
        ByteBuf answer = FailureResponse.of(
                failure, failure.status(), settings.client().errorPages(), true, true, channel.alloc());
        logUnread(failure, broken, answer.readableBytes());
        write(answer);
        linger();
    }

    /** Logs that no request could be read, where that is wanted. */
    private void logUnread(@Nullable Failure failure, @Nullable Violation broken, int answerBytes) {
        AccessLog accessLog = settings.accessLog();
        if (accessLog != null) {
            RequestTrace.unread(
                    accessLog, this, http.loop().clock(), http.loop().index(), failure, broken, answerBytes);
        }
    }

    /** Lets the exchange read its body further after it had to wait. */
    void resumeBody() {
        http.loop().timers().arm(deadline, settings.clientTimeoutNanos());
        if (!inputEnded) {
            channel.config().setAutoRead(true);
        }
        process();
        if (inputEnded) {
            tellInputEnded();
        }
    }

    /** Arms the limit within which the client must go on with its body. */
    void awaitBody() {
        http.loop().timers().arm(deadline, settings.clientTimeoutNanos());
        if (inputEnded) {
            tellInputEnded();
        }
    }

    /** Tells the exchange that the client sends no more, once all that it did send has been read. */
    private void tellInputEnded() {
        ByteBuf rest = pending;
        Exchange current = exchange;
        if (current != null && (rest == null || !rest.isReadable())) {
            current.onClientInputEnded();
        }
    }

    /** The request is complete; the client owes nothing until it is answered. */
    void onRequestComplete() {
        deadline.disarm();
    }

    /**
     * The exchange is over, and free for another connection.
     *
     * @param keepAlive whether the client may send its next request
     * @param requestComplete whether the client has nothing of this one left to send
     */
    void onExchangeEnd(boolean keepAlive, boolean requestComplete) {
        if (state == State.EXCHANGE && keepAlive && !requestComplete && !draining && !inputEnded) {
            drainBody();
            return;
        }
        releaseExchange();
        if (state != State.EXCHANGE) {
            return;
        }
        if (!keepAlive || !requestComplete || draining) {
            end(requestComplete);
            return;
        }
        state = State.IDLE;
        ByteBuf next = pending;
        boolean pipelined = next != null && next.isReadable();
        if (!pipelined && inputEnded) {
            linger();
            return;
        }
        http.loop().timers().arm(deadline, settings.client().keepAliveTimeout().toNanos());
        if (!inputEnded) {
            channel.config().setAutoRead(true);
        }
        if (pipelined && !processing) {
            process();
            if (!reading) {
                flushUpstream();
            }
        }
    }

    /** Reads the rest of a body that nobody wants, so that the next request can be found behind it. */
    private void drainBody() {
        state = State.DRAIN;
        http.loop().timers().arm(deadline, settings.clientTimeoutNanos());
        channel.config().setAutoRead(true);
        process();
    }

    /** The response broke off, and its framing tells: the client gets what there is of it. */
    void breakOff() {
        releaseExchange();
        linger();
    }

    /** The response broke off after its beginning had been sent: the client must be able to tell. */
    void abort(boolean reset) {
        if (reset) {
            Peer.resetOnClose(channel);
        }
        close();
    }

    /** Ends the connection after a response: as soon as that has left, if nothing else came in. */
    private void end(boolean requestComplete) {
        ByteBuf rest = pending;
        boolean unread = rest != null && rest.isReadable();
        if (reading) {
            // A response that needed no member is still to be flushed.
            channel.flush();
        }
        if (unread || !requestComplete || !channel.isWritable()) {
            linger();
        } else if (hasUnsent()) {
            closeOnceSent();
        } else {
            close();
        }
    }

    /** Ends the connection with the end of a write that is under way, which on io_uring every last one is. */
    private void closeOnceSent() {
        state = State.LINGER;
        dropPending();
        http.loop().timers().arm(deadline, settings.clientTimeoutNanos());
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> close());
    }

    /** Returns how much was written and has not left yet. */
    long unsentBytes() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    private boolean hasUnsent() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent != null && unsent.totalPendingWriteBytes() > 0;
    }

    /** Ends the connection once everything written has left, and reads on meanwhile so that it does arrive. */
    private void linger() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.LINGER;
        dropPending();
        http.loop().timers().arm(deadline, settings.clientTimeoutNanos());
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) done -> {
            if (inputEnded || !done.isSuccess()) {
                close();
            } else {
                http.loop().timers().arm(deadline, LINGER_NANOS);
                Peer.endOutput(channel);
                channel.config().setAutoRead(true);
            }
        });
    }

    /** Writes without flushing; takes {@code bytes} over. */
    void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    /** Flushes, unless more is about to be written in the same batch of reads. */
    void flush() {
        if (!reading) {
            channel.flush();
        }
    }

    /**
     * Returns whether the exchange may pass on more of the response; {@link Exchange#onClientWritable} follows if not.
     */
    boolean writable() {
        return channel.isWritable();
    }

    /** Arms the limit within which the client must take what was written. */
    void awaitClient() {
        Exchange current = exchange;
        long limit = current == null ? settings.clientTimeoutNanos() : current.clientLimitNanos();
        http.loop().timers().arm(deadline, limit);
    }

    /** Returns the client's address as it is written in {@code X-Forwarded-For}, empty if it has none. */
    byte[] peerAddress() {
        byte[] known = peerAddress;
        if (known == null) {
            known = Phrases.ascii(Peer.host(peer()));
            peerAddress = known;
        }
        return known;
    }

    /** Returns the client's address: the one that a PROXY header named, or else the socket's. */
    SocketAddress peer() {
        return ConnectionEnds.peerOf(channel, told);
    }

    /** Returns the address that the client connected to: the one that a PROXY header named, or else the socket's. */
    SocketAddress local() {
        return ConnectionEnds.localOf(channel, told);
    }

    /** Returns the unused member connections that carry this client's requests only. */
    OwnConnections ownConnections() {
        OwnConnections known = own;
        if (known == null) {
            known = new OwnConnections(http.keptForOne());
            own = known;
        }
        return known;
    }

    boolean reading() {
        return reading;
    }

    /** Returns what the listener wanted of the latest request. */
    HttpSettings settings() {
        return settings;
    }

    /** Returns the length of the latest request head. */
    int headBytes() {
        return headBytes;
    }

    /** Returns how much is there of a head that is not complete. */
    int unreadBytes() {
        ByteBuf waiting = pending;
        return waiting == null ? 0 : waiting.readableBytes();
    }

    /** Returns when the first byte of a head came that arrived in pieces, otherwise {@code nowNanos}; once. */
    long takeHeadStart(long nowNanos) {
        long start = headStartNanos == NOT_TIMED ? nowNanos : headStartNanos;
        headStartNanos = NOT_TIMED;
        return start;
    }

    /** Returns whether the client sends no more. */
    boolean inputEnded() {
        return inputEnded;
    }

    /** Returns whether the connection may go on after the response to the current request. */
    boolean mayServeAnother() {
        int most = settings.client().maxRequests();
        return !draining && (most == 0 || requests < most);
    }

    DuplexChannel channel() {
        return channel;
    }

    /** Returns whether the client speaks TLS. */
    boolean encrypted() {
        return encrypted;
    }

    /** Returns what the client agreed on in its handshake, {@code null} if it speaks plain text. */
    @Nullable
    TlsView tls() {
        TlsView known = tls;
        if (known == null && encrypted) {
            known = TlsSession.of(channel);
            tls = known;
        }
        return known;
    }

    ListenerLoad load() {
        return load;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable() && state == State.EXCHANGE) {
            Exchange current = exchange;
            if (current == null) {
                return;
            }
            if (current.awaitsBody()) {
                awaitClient();
            } else {
                deadline.disarm();
            }
            current.onClientWritable();
        }
    }

    /** The client ended its sending side, which it may do while it waits for a response. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE || inputEnded) {
            return;
        }
        inputEnded = true;
        switch (state) {
            case IDLE, HEAD, DRAIN -> leave();
            case LINGER -> {
                if (!hasUnsent()) {
                    close();
                }
            }
            case EXCHANGE -> tellInputEnded();
            case WAIT, CLOSED -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        onGone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("Client connection failed: peer={}", peer(), cause);
        close();
    }

    private void onDeadline() {
        switch (state) {
            case HEAD -> answerUnread(Failure.REQUEST_TIMEOUT, null);
            case EXCHANGE -> failExchange(Failure.CLIENT_TIMEOUT);
            case WAIT -> endWait();
            case IDLE -> leave();
            case DRAIN, LINGER, CLOSED -> close();
        }
    }

    @Override
    public void drain() {
        draining = true;
        if (state == State.IDLE) {
            leave();
        }
    }

    @Override
    public void cut() {
        Exchange current = exchange;
        if (current != null && current.endsWithConnection()) {
            // An orderly end would make what was sent so far look complete.
            Peer.resetOnClose(channel);
        }
        abandonExchange(Failure.PROXY_STOPPED);
        if (state == State.HEAD || state == State.WAIT) {
            load.failures().increment(Failure.PROXY_STOPPED);
            logUnread(Failure.PROXY_STOPPED, null, 0);
            state = State.LINGER;
        }
        close();
    }

    @Override
    public void endFrom(Set<Member> members) {
        Exchange current = exchange;
        if (current != null) {
            current.endFrom(members);
        }
    }

    /** Ends the connection of a client of which no request is being answered; what it was answered reaches it first. */
    private void leave() {
        if (hasUnsent()) {
            countUnread();
            linger();
        } else {
            close();
        }
    }

    private void close() {
        onGone();
        channel.close();
    }

    /** Counts a request that broke off in its head. */
    private void countUnread() {
        if (state == State.HEAD || state == State.WAIT) {
            load.failures().increment(Failure.CLIENT_GONE);
            logUnread(Failure.CLIENT_GONE, null, 0);
        }
    }

    private void onGone() {
        if (state == State.CLOSED) {
            return;
        }
        countUnread();
        if (state == State.IDLE && requests == 0) {
            logUnread(null, null, 0);
        }
        state = State.CLOSED;
        http.loop().timers().forget(deadline);
        load.leave(this);
        abandonExchange(Failure.CLIENT_GONE);
        OwnConnections unused = own;
        if (unused != null) {
            unused.close();
        }
        dropPending();
    }

    private void flushUpstream() {
        Exchange current = exchange;
        if (current != null) {
            current.flushUpstream();
        }
    }

    private void failExchange(Failure failure) {
        Exchange current = exchange;
        if (current != null) {
            current.fail(failure, null);
        }
    }

    private void abandonExchange(Failure failure) {
        Exchange current = exchange;
        if (current != null) {
            current.abandon(failure);
            releaseExchange();
        }
    }

    private void releaseExchange() {
        Exchange over = exchange;
        if (over != null) {
            exchange = null;
            http.giveBack(over);
        }
    }

    /** Releases what was not processed, unless it is being processed right now, which then ends by releasing it. */
    private void dropPending() {
        ByteBuf rest = pending;
        if (rest != null && !processing) {
            pending = null;
            rest.release();
        }
    }
}

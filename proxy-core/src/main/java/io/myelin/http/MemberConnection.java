package io.myelin.http;

import io.myelin.balance.Member;
import io.myelin.failure.Failure;
import io.myelin.model.MemberTls;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Deadline;
import io.myelin.net.Peer;
import io.myelin.pool.UpstreamConfig;
import io.myelin.tls.MemberContext;
import io.myelin.upstream.KeptConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a member: carries one exchange after the other and waits among the kept ones in between. */
@OwnedBy(Owner.EVENT_LOOP)
final class MemberConnection extends ChannelInboundHandlerAdapter implements KeptConnection {
    private static final Logger log = LoggerFactory.getLogger(MemberConnection.class);

    /** More 1xx responses to one request than any member has a reason to send. */
    private static final int MOST_INTERIM = 64;

    private static final long LONGEST_SAID_SECONDS = TimeUnit.DAYS.toSeconds(1);
    private static final long SAFETY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpLoop http;
    private final Member member;
    private final @Nullable OwnConnections owner;
    private final @Nullable String name;
    private final BodyReader body = new BodyReader();
    private final Deadline deadline = new Deadline(this::onDeadline);
    private @Nullable DuplexChannel channel;
    private @Nullable Exchange exchange;
    private @Nullable ByteBuf pending;
    private @Nullable Throwable fault;
    private @Nullable MemberContext encryption;
    private boolean farewell;
    private boolean outputEnded;
    private UpstreamConfig config = UpstreamConfig.DEFAULT;
    private int scannedBytes;
    private int interimResponses;
    private boolean headSeen;
    private boolean anyByteSeen;
    private boolean memberKeepsAlive;
    private long keptSeconds;
    private boolean processing;
    private long limitNanos;
    private int writes;
    private int failedWrites;
    private int place;

    /**
     * Creates a connection that is not made yet.
     *
     * @param owner keeps it for the only client whose requests it carries; {@code null} if it carries anybody's
     * @param name whom the member is asked for according to the client; {@code null} if that is not for clients to say
     */
    MemberConnection(HttpLoop http, Member member, @Nullable OwnConnections owner, @Nullable String name) {
        this.http = http;
        this.member = member;
        this.owner = owner;
        this.name = name;
    }

    @Nullable
    String name() {
        return name;
    }

    @Override
    public boolean bears(@Nullable String wanted) {
        return Objects.equals(name, wanted);
    }

    Member member() {
        return member;
    }

    boolean usable() {
        DuplexChannel open = channel;
        return open != null && open.isActive() && failedWrites == 0 && encryptedAsWanted();
    }

    /** Says what the connection, which is new, is encrypted with; {@code null} for nothing. */
    void encryptedBy(@Nullable MemberContext newEncryption) {
        encryption = newEncryption;
    }

    private boolean encryptedAsWanted() {
        MemberContext actual = encryption;
        MemberTls wanted = member.tls();
        return actual == null ? wanted == null : actual.serves(wanted);
    }

    /** Returns whether a kept connection has waited too long, though a loop that was held up has not noticed yet. */
    boolean expired(long nowNanos) {
        return http.loop().timers().expired(deadline, nowNanos);
    }

    /**
     * Gives the connection, which stands, to an exchange.
     *
     * @param requestComplete whether the member has nothing but its own answer to wait for
     */
    void assign(Exchange newExchange, DuplexChannel standing, UpstreamConfig newConfig, boolean requestComplete) {
        channel = standing;
        exchange = newExchange;
        config = newConfig;
        headSeen = false;
        anyByteSeen = false;
        scannedBytes = 0;
        interimResponses = 0;
        writes = 0;
        limitNanos = newConfig.serverTimeout().toNanos();
        standing.config().setAutoRead(true);
        if (requestComplete) {
            awaitMember();
        } else {
            deadline.disarm();
        }
    }

    DuplexChannel channel() {
        DuplexChannel standing = channel;
        if (standing == null) {
            throw new IllegalStateException("connection to " + member + " does not stand");
        }
        return standing;
    }

    /** Arms the limit within which the member must go on. */
    void awaitMember() {
        http.loop().timers().arm(deadline, limitNanos);
    }

    /** Makes {@code nanos} the limit from now on, 0 for none. */
    void limit(long nanos) {
        limitNanos = nanos;
        awaitMember();
    }

    /** Leaves a member alone that waits for the rest of its request. */
    void awaitNothing() {
        if (!headSeen) {
            deadline.disarm();
        }
    }

    /** Writes without flushing; takes {@code bytes} over. */
    void write(ByteBuf bytes) {
        if (failedWrites > 0) {
            bytes.release();
            return;
        }
        writes++;
        DuplexChannel to = channel();
        to.write(bytes, to.voidPromise());
    }

    /**
     * Returns whether every write of the current exchange failed; the first may have gone in part. Of what is encrypted
     * that cannot be told.
     */
    boolean nothingSent() {
        return failedWrites > 0 && failedWrites == writes && encryption == null;
    }

    /** Tells the member, once everything written has left, that no more follows. */
    void endOutput() {
        DuplexChannel to = channel();
        outputEnded = true;
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) done -> {
            if (encryption == null) {
                to.shutdownOutput();
            } else {
                Peer.endOutput(to);
            }
        });
    }

    /** Stops reading until {@link #resume()}: the client does not take more. */
    void pause() {
        channel().config().setAutoRead(false);
        deadline.disarm();
    }

    void resume() {
        channel().config().setAutoRead(true);
        awaitMember();
    }

    /** Ends the connection because its exchange was given up. */
    void abandon() {
        exchange = null;
        close();
    }

    /**
     * A write that fails must not close the channel: what the member said before it stopped listening may still wait to
     * be read, and its end closes the channel then.
     */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoClose(false);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        Exchange current = exchange;
        if (current == null) {
            log.debug("Closed a kept connection on unexpected bytes: member={}", member);
            bytes.release();
            forget();
            return;
        }
        anyByteSeen = true;
        current.onUpstreamBytes(bytes.readableBytes());
        awaitMember();
        ByteBuf waiting = pending;
        pending = waiting == null ? bytes : Cumulation.append(waiting, bytes);
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        if (current != null) {
            current.flushClient();
        }
    }

    private void process() {
        processing = true;
        for (ByteBuf bytes = pending; bytes != null && bytes.isReadable(); bytes = pending) {
            Exchange current = exchange;
            if (current == null || !(headSeen ? readBody(current, bytes) : readHead(current, bytes))) {
                break;
            }
        }
        processing = false;
        ByteBuf rest = pending;
        if (rest != null && (exchange == null || !rest.isReadable())) {
            pending = null;
            rest.release();
        }
    }

    private boolean readHead(Exchange current, ByteBuf bytes) {
        int limit = config.maxResponseHeadBytes();
        boolean mayBeComplete = scannedBytes == 0
                || bytes.readableBytes() >= limit
                || bytes.indexOf(bytes.readerIndex() + scannedBytes, bytes.writerIndex(), Octets.LF) >= 0;
        if (!mayBeComplete) {
            scannedBytes = bytes.readableBytes();
            return false;
        }
        ResponseHead head = http.responseHead();
        int length = http.headBytes().parse(bytes, limit, head);
        if (length == Fields.INCOMPLETE && bytes.readableBytes() < limit) {
            scannedBytes = bytes.readableBytes();
            return false;
        }
        scannedBytes = 0;
        if (length < 0) {
            Violation broken = length == Fields.INCOMPLETE ? Violation.HEAD_LENGTH : head.violation();
            current.onViolation(broken == null ? Violation.STATUS_LINE : broken);
            current.onNoResponse(Failure.MALFORMED_RESPONSE);
            return false;
        }
        bytes.skipBytes(length);
        if (head.interim() && head.status() != 101) {
            if (++interimResponses > MOST_INTERIM) {
                current.onViolation(Violation.INTERIM_RESPONSES);
                current.onNoResponse(Failure.MALFORMED_RESPONSE);
                return false;
            }
            current.onInterim(head);
            return true;
        }
        headSeen = true;
        memberKeepsAlive = head.keepAlive();
        keptSeconds = head.keepAliveSeconds();
        if (!current.expectBody(head, body)) {
            current.onViolation(Violation.SWITCHING_PROTOCOLS);
            current.onNoResponse(Failure.MALFORMED_RESPONSE);
            return false;
        }
        current.onResponseHead(head, body, bytes);
        return endIfComplete(current);
    }

    private boolean readBody(Exchange current, ByteBuf bytes) {
        Violation broken = body.read(bytes, current.wantsChunkFraming(), current.toClient());
        if (broken != null) {
            current.onViolation(broken);
            current.fail(Failure.RESPONSE_TRUNCATED, null);
            return false;
        }
        current.relieve();
        return endIfComplete(current);
    }

    private boolean endIfComplete(Exchange current) {
        if (exchange == current && body.ended()) {
            end(current);
        }
        return true;
    }

    /** The response is complete: keeps the connection if both sides will have it, then tells the exchange. */
    private void end(Exchange current) {
        exchange = null;
        ByteBuf rest = pending;
        boolean clean = rest == null || !rest.isReadable();
        boolean unused = memberKeepsAlive && clean && keptSeconds != 0;
        if (unused && current.requestComplete() && usable() && !hasUnsent()) {
            if (keep()) {
                channel().config().setAutoRead(true);
                http.loop().timers().arm(deadline, keepAliveNanos());
            }
        } else {
            close();
        }
        current.onResponseEnd(body.droppedTrailers());
    }

    /**
     * Returns how long the connection may wait for its next exchange: less than the member says that it waits (RFC 2068
     * section 19.7.1.1), so that it does not end just as it is used.
     */
    private long keepAliveNanos() {
        long own = config.keepAliveTimeout().toNanos();
        if (keptSeconds <= 0 || keptSeconds > LONGEST_SAID_SECONDS) {
            return own;
        }
        long said = TimeUnit.SECONDS.toNanos(keptSeconds);
        long safe = Math.max(said / 2, said - SAFETY_NANOS);
        return own == 0 ? safe : Math.min(own, safe);
    }

    /** Returns whether the member answered before it was sent all that it is going to be sent. */
    private boolean hasUnsent() {
        ChannelOutboundBuffer unsent = channel().unsafe().outboundBuffer();
        return unsent != null && unsent.totalPendingWriteBytes() > 0;
    }

    private boolean keep() {
        int limit = config.maxIdlePerLoop();
        if (name != null && owner == null && http.kept().count(member) >= limit) {
            http.kept().discardOne(member);
        }
        return owner == null ? http.kept().keep(member, this, limit) : owner.keep(this, limit);
    }

    /** Is not kept any more, if it was. */
    private void leave() {
        if (owner == null) {
            http.kept().remove(member, this);
        } else {
            owner.remove(this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        if (current != null && ctx.channel().isWritable()) {
            current.onUpstreamWritable();
        }
    }

    /**
     * TLS says that the member will say no more. Once our own output has ended, it says so of whatever comes, and the
     * end of the connection has to be waited for.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == SslCloseCompletionEvent.SUCCESS && !outputEnded) {
            farewell = true;
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ChannelOutputShutdownException) {
            failedWrites++;
            return;
        }
        fault = cause;
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        http.loop().timers().forget(deadline);
        Exchange current = exchange;
        if (current == null) {
            leave();
        } else {
            if (!torn(current)) {
                body.onClose();
            }
            if (headSeen && body.ended() && fault == null && failedWrites == 0) {
                memberKeepsAlive = false;
                end(current);
            } else {
                exchange = null;
                current.onUpstreamLost(headSeen, anyByteSeen, nothingSent(), fault);
            }
        }
        dropPending();
    }

    /**
     * Returns whether anybody on the way may have cut the connection, so that its end is no end of a body. Tunnels have
     * an end of their own to look for.
     */
    private boolean torn(Exchange current) {
        return encryption != null && !farewell && !current.tunnel();
    }

    private void onDeadline() {
        Exchange current = exchange;
        if (current == null) {
            forget();
        } else if (headSeen) {
            current.onSilence();
        } else {
            current.onNoResponse(Failure.RESPONSE_TIMEOUT);
        }
    }

    private void forget() {
        leave();
        close();
    }

    private void close() {
        http.loop().timers().forget(deadline);
        dropPending();
        DuplexChannel open = channel;
        if (open != null) {
            open.close();
        }
    }

    private void dropPending() {
        ByteBuf rest = pending;
        if (rest != null && !processing) {
            pending = null;
            rest.release();
        }
    }

    @Override
    public void discard() {
        close();
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public void place(int newPlace) {
        place = newPlace;
    }
}

package io.myelin.http;

import io.myelin.balance.Member;
import io.myelin.failure.Failure;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Deadline;
import io.myelin.pool.UpstreamConfig;
import io.myelin.upstream.KeptConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a member: carries one exchange after the other and waits among the kept ones in between. */
@OwnedBy(Owner.EVENT_LOOP)
final class MemberConnection extends ChannelInboundHandlerAdapter implements KeptConnection {
    private static final Logger log = LoggerFactory.getLogger(MemberConnection.class);

    /** More 1xx responses to one request than any member has a reason to send. */
    private static final int MOST_INTERIM = 64;

    private final HttpLoop http;
    private final Member member;
    private final BodyReader body = new BodyReader();
    private final Deadline deadline = new Deadline(this::onDeadline);
    private @Nullable DuplexChannel channel;
    private @Nullable Exchange exchange;
    private @Nullable ByteBuf pending;
    private @Nullable Throwable fault;
    private UpstreamConfig config = UpstreamConfig.DEFAULT;
    private int scannedBytes;
    private int interimResponses;
    private boolean headSeen;
    private boolean anyByteSeen;
    private boolean memberKeepsAlive;
    private boolean processing;
    private int place;

    MemberConnection(HttpLoop http, Member member) {
        this.http = http;
        this.member = member;
    }

    Member member() {
        return member;
    }

    boolean usable() {
        DuplexChannel open = channel;
        return open != null && open.isActive();
    }

    /** Gives the connection, which stands, to an exchange. */
    void assign(Exchange newExchange, DuplexChannel standing, UpstreamConfig newConfig) {
        channel = standing;
        exchange = newExchange;
        config = newConfig;
        headSeen = false;
        anyByteSeen = false;
        scannedBytes = 0;
        interimResponses = 0;
        standing.config().setAutoRead(true);
        awaitMember();
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
        http.loop().timers().arm(deadline, config.serverTimeout().toNanos());
    }

    /** Writes without flushing; takes {@code bytes} over. */
    void write(ByteBuf bytes) {
        DuplexChannel to = channel();
        to.write(bytes, to.voidPromise());
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
        if (!anyByteSeen) {
            anyByteSeen = true;
            current.onFirstResponseByte();
        }
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
        boolean mayBeComplete = scannedBytes == 0
                || bytes.readableBytes() >= ResponseHead.MAX_BYTES
                || bytes.indexOf(bytes.readerIndex() + scannedBytes, bytes.writerIndex(), Octets.LF) >= 0;
        if (!mayBeComplete) {
            scannedBytes = bytes.readableBytes();
            return false;
        }
        ResponseHead head = http.responseHead();
        int length = http.headBytes().parse(bytes, ResponseHead.MAX_BYTES, head);
        if (length == Fields.INCOMPLETE && bytes.readableBytes() < ResponseHead.MAX_BYTES) {
            scannedBytes = bytes.readableBytes();
            return false;
        }
        scannedBytes = 0;
        if (length < 0) {
            Violation broken = length == Fields.INCOMPLETE ? Violation.HEAD_LENGTH : head.violation();
            current.onViolation(broken == null ? Violation.STATUS_LINE : broken);
            current.fail(Failure.MALFORMED_RESPONSE, null);
            return false;
        }
        bytes.skipBytes(length);
        if (head.interim() && head.status() != 101) {
            if (++interimResponses > MOST_INTERIM) {
                current.onViolation(Violation.INTERIM_RESPONSES);
                current.fail(Failure.MALFORMED_RESPONSE, null);
                return false;
            }
            current.onInterim(head);
            return true;
        }
        headSeen = true;
        memberKeepsAlive = head.keepAlive();
        if (!current.expectBody(head, body)) {
            current.onViolation(Violation.SWITCHING_PROTOCOLS);
            current.fail(Failure.MALFORMED_RESPONSE, null);
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
        if (memberKeepsAlive && clean && current.requestComplete() && usable()) {
            if (http.kept().keep(member, this, config.maxIdlePerLoop())) {
                channel().config().setAutoRead(true);
                http.loop().timers().arm(deadline, config.keepAliveTimeout().toNanos());
            }
        } else {
            close();
        }
        current.onResponseEnd();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange current = exchange;
        if (current != null && ctx.channel().isWritable()) {
            current.onUpstreamWritable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fault = cause;
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        http.loop().timers().forget(deadline);
        Exchange current = exchange;
        if (current == null) {
            http.kept().remove(member, this);
        } else {
            body.onClose();
            if (headSeen && body.ended() && fault == null) {
                memberKeepsAlive = false;
                end(current);
            } else {
                exchange = null;
                current.onUpstreamLost(headSeen, anyByteSeen, fault);
            }
        }
        dropPending();
    }

    private void onDeadline() {
        Exchange current = exchange;
        if (current == null) {
            forget();
        } else {
            current.onSilence();
            current.fail(headSeen ? Failure.RESPONSE_TRUNCATED : Failure.RESPONSE_TIMEOUT, null);
        }
    }

    private void forget() {
        http.kept().remove(member, this);
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

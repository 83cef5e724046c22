package io.myelin.tcp;

import io.myelin.access.AccessRules;
import io.myelin.access.Inspection;
import io.myelin.balance.ErrorWatch;
import io.myelin.balance.KeyHash;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.balance.MemberLoad;
import io.myelin.failure.Failure;
import io.myelin.log.AccessLog;
import io.myelin.log.Trace;
import io.myelin.model.MemberTls;
import io.myelin.model.NameSource;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.ProxyVersion;
import io.myelin.net.ClientSession;
import io.myelin.net.ConnectionEnds;
import io.myelin.net.Deadline;
import io.myelin.net.ListenerLoad;
import io.myelin.net.Loop;
import io.myelin.net.Peer;
import io.myelin.net.ProxyHeaderWriter;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.PoolLoad;
import io.myelin.route.TlsFact;
import io.myelin.tls.MemberContext;
import io.myelin.tls.TlsSession;
import io.myelin.upstream.Connector;
import io.myelin.upstream.Dispatch;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client connection relayed to one member, byte for byte, until both directions have ended. */
@OwnedBy(Owner.EVENT_LOOP)
public final class Tunnel implements ClientSession, Connector.Waiter, Dispatch.Waiting {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    private static final long LAST_BYTES_NANOS = Duration.ofSeconds(30).toNanos();

    private final Loop loop;
    private final Connector connector;
    private final TcpSettings settings;
    private final ListenerLoad listener;
    private final DuplexChannel client;
    private final @Nullable ConnectionEnds told;
    private final Pool pool;
    private final PoolLoad load;
    private final RelayHandler clientSide = new RelayHandler(this, true);
    private final Deadline idle = new Deadline(this::onIdle);
    private final Deadline pause = new Deadline(this::onPauseOver);
    private final long startNanos;
    /** What the access log wants to know; none without one. */
    private final @Nullable Trace trace;

    private long idleLimitNanos;
    private @Nullable Dispatch dispatch;
    private @Nullable Inspection inspection;
    private @Nullable RelayHandler memberSide;
    private @Nullable DuplexChannel upstream;
    private @Nullable Member member;
    private @Nullable MemberLoad memberLoad;
    private boolean ended;

    /**
     * Creates the tunnel of a client that was just accepted and does not read yet.
     *
     * @param listener counts the connection
     * @param told whom a PROXY header named, {@code null} if the addresses of the socket count
     */
    public Tunnel(
            Loop loop,
            Connector connector,
            TcpSettings settings,
            ListenerLoad listener,
            DuplexChannel client,
            @Nullable ConnectionEnds told) {
        this.loop = loop;
        this.connector = connector;
        this.settings = settings;
        this.listener = listener;
        this.client = client;
        this.told = told;
        this.pool = settings.pool();
        this.load = pool.load(loop.index());
        this.startNanos = loop.clock().nanoTime();
        AccessLog accessLog = settings.accessLog();
        this.trace = accessLog == null ? null : trace(accessLog, client, startNanos);
    }

    private static Trace trace(AccessLog log, DuplexChannel client, long startNanos) {
        Trace trace = Trace.ofTunnel(log, client.remoteAddress(), client.localAddress(), startNanos);
        trace.encrypted(TlsSession.of(client));
        return trace;
    }

    /** Returns what goes into the client's pipeline. */
    public ChannelHandler clientHandler() {
        return clientSide;
    }

    void start() {
        listener.enter(this);
        load.counters().increment(PoolCounter.REQUESTS);
        load.counters().increment(PoolCounter.IN_FLIGHT);
        if (trace != null) {
            trace.routed(pool);
        }
        Dispatch attempts = new Dispatch(pool);
        dispatch = attempts;
        if (attempts.snapshot().hash() != null) {
            // Of what a pool can go by, a tunnel has nothing but its client's address.
            String host = Peer.host(ConnectionEnds.peerOf(client, told));
            attempts.goBy(host.isEmpty() ? Dispatch.NO_KEY : KeyHash.of(host) & 0xffff_ffffL);
        }
        AccessRules ofService = attempts.snapshot().access();
        if (settings.access() == null && ofService == null) {
            attempt(attempts);
        } else {
            List<AccessRules> stages = Stream.of(settings.access(), ofService)
                    .filter(Objects::nonNull)
                    .toList();
            Inspection started = new Inspection(stages, ConnectionEnds.ipOf(ConnectionEnds.peerOf(client, told)));
            inspection = started;
            inspect(started, attempts);
        }
    }

    private void inspect(Inspection current, Dispatch attempts) {
        switch (current.proceed()) {
            case ACCEPT -> {
                inspection = null;
                attempts.resume();
                attempt(attempts);
            }
            case REJECT -> end(Failure.CLIENT_REFUSED);
            case WAIT -> loop.timers().arm(pause, current.waitNanos());
        }
    }

    private void attempt(Dispatch attempts) {
        Member chosen = attempts.pick();
        if (chosen != null) {
            attempt(attempts, chosen);
        } else if (!attempts.lineUp(loop, this)) {
            end(Failure.NO_MEMBER);
        } else if (trace != null) {
            trace.queued(loop.clock().nanoTime());
        }
    }

    @Override
    public void onTurn(Member free) {
        noteWaited(true);
        Dispatch attempts = dispatch;
        if (attempts != null) {
            attempt(attempts, free);
        }
    }

    @Override
    public void onNoTurn(Failure failure) {
        noteWaited(false);
        end(failure);
    }

    private void noteWaited(boolean served) {
        if (trace != null) {
            trace.waited(loop.clock().nanoTime(), served);
        }
    }

    private void attempt(Dispatch attempts, Member chosen) {
        member = chosen;
        if (trace != null) {
            trace.picked(chosen, attempts.snapshot().version());
        }
        memberLoad = chosen.load(loop.index());
        memberLoad.counters().increment(MemberCounter.IN_FLIGHT);
        memberLoad.counters().increment(MemberCounter.REQUESTS);
        memberSide = new RelayHandler(this, false);
        connector.connect(chosen, memberSide, attempts.upstream(), true, this);
    }

    @Override
    public boolean passesThrough() {
        return true;
    }

    /** Of what a client may say, a tunnel knows whom it asked for by TLS. */
    @Override
    public @Nullable String serverName(Member asked) {
        MemberTls tls = asked.tls();
        TlsSession session =
                NameSource.CLIENT_TLS.equals(tls == null ? null : tls.nameSource()) ? TlsSession.of(client) : null;
        return session == null ? null : NameSource.nameIn(session.text(TlsFact.SERVER_NAME, ""));
    }

    @Override
    public void introduce(DuplexChannel channel) {
        Dispatch attempts = dispatch;
        if (ended || attempts == null) {
            return;
        }
        ProxyVersion header = attempts.upstream().sendProxy();
        if (header != ProxyVersion.OFF) {
            channel.write(
                    ProxyHeaderWriter.write(
                            header,
                            ConnectionEnds.peerOf(client, told),
                            ConnectionEnds.localOf(client, told),
                            channel.alloc()),
                    channel.voidPromise());
        }
    }

    @Override
    public void onConnected(DuplexChannel channel, @Nullable MemberContext encryption) {
        RelayHandler toClient = memberSide;
        Dispatch attempts = dispatch;
        if (ended || toClient == null || attempts == null) {
            channel.close();
            return;
        }
        upstream = channel;
        Member connected = member;
        ErrorWatch watch = connected == null ? null : connected.errorWatch();
        if (watch != null) {
            watch.onTunnel(loop.index());
        }
        if (trace != null) {
            trace.connected(loop.clock().nanoTime());
        }
        idleLimitNanos = settings.idleLimitNanos(attempts.upstream());
        loop.timers().arm(idle, idleLimitNanos);
        toClient.join(client);
        clientSide.join(channel);
        readFrom(clientSide, client);
        readFrom(toClient, channel);
    }

    /** One side takes bytes again, so the other may be read. */
    void onWritable(boolean downstream) {
        RelayHandler toClient = memberSide;
        DuplexChannel other = upstream;
        if (ended || toClient == null || other == null) {
            return;
        }
        loop.timers().arm(idle, idleLimitNanos);
        if (downstream) {
            readFrom(toClient, other);
        } else {
            readFrom(clientSide, client);
        }
    }

    /** Asking an ended input for more would be an error. */
    private static void readFrom(RelayHandler side, DuplexChannel channel) {
        if (!side.inputEnded()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void onConnectFailed(Failure failure, @Nullable Throwable cause) {
        Member failed = member;
        Dispatch attempts = dispatch;
        if (ended || failed == null || attempts == null) {
            return;
        }
        if (!attempts.upstream().retryRules().after(failure)) {
            end(failure);
            return;
        }
        releaseMember();
        switch (attempts.onConnectFailed(failed)) {
            case NOW -> {
                load.counters().increment(PoolCounter.REDISPATCHES);
                failed.load(loop.index()).counters().increment(MemberCounter.REDISPATCHES);
                attempt(attempts);
            }
            case LATER -> {
                load.counters().increment(PoolCounter.RETRIES);
                failed.load(loop.index()).counters().increment(MemberCounter.RETRIES);
                loop.timers().arm(pause, attempts.pauseNanos());
            }
            case GIVE_UP -> {
                log.debug("Tunnel failed: pool={} member={} failure={}", pool.name(), failed, failure.label());
                end(failure);
            }
        }
    }

    private void onPauseOver() {
        Dispatch attempts = dispatch;
        Inspection current = inspection;
        if (ended || attempts == null) {
            return;
        }
        if (current != null) {
            inspect(current, attempts);
        } else {
            attempts.resume();
            attempt(attempts);
        }
    }

    void onRelayed(boolean fromClient, int bytes) {
        if (trace != null) {
            if (fromClient) {
                trace.received(bytes);
            } else {
                trace.sent(bytes);
            }
        }
        MemberLoad counts = memberLoad;
        if (counts != null) {
            load.counters().add(fromClient ? PoolCounter.BYTES_IN : PoolCounter.BYTES_OUT, bytes);
            counts.counters().add(fromClient ? MemberCounter.BYTES_SENT : MemberCounter.BYTES_RECEIVED, bytes);
        }
        loop.timers().arm(idle, idleLimitNanos);
    }

    /** Returns whether the client has said all that it is going to say. */
    boolean clientEnded() {
        return clientSide.inputEnded();
    }

    /** One direction is over; with both over, so is the tunnel. */
    void onInputEnded() {
        RelayHandler toClient = memberSide;
        if (clientSide.inputEnded() && toClient != null && toClient.inputEnded()) {
            end(null);
        }
    }

    void onClosed(boolean byClient) {
        if (upstream == null && !byClient) {
            return;
        }
        end(byClient && upstream == null ? Failure.CLIENT_GONE : null);
    }

    /** Passes a reset on as a reset, so that neither peer takes a torn stream for a complete one. */
    void onReset(boolean byClient, Throwable cause) {
        if (ended) {
            return;
        }
        log.debug("Tunnel reset: pool={} member={} byClient={}", pool.name(), member, byClient, cause);
        DuplexChannel survivor = byClient ? upstream : client;
        if (survivor != null && survivor.isActive()) {
            Peer.resetOnClose(survivor);
        }
        end(byClient ? Failure.CLIENT_GONE : Failure.RESPONSE_TRUNCATED);
    }

    /** Nothing moved for too long; or, after the end, a peer does not take what is left for it. */
    private void onIdle() {
        if (ended) {
            closeBoth();
        } else {
            end(Failure.CLIENT_TIMEOUT);
        }
    }

    /** A tunnel has no natural end of its own: it goes on until its peers end it or the drain limit cuts it. */
    @Override
    public void drain() {
        if (upstream == null) {
            end(Failure.PROXY_STOPPED);
        }
    }

    @Override
    public void cut() {
        end(Failure.PROXY_STOPPED);
    }

    @Override
    public void endFrom(Set<Member> members) {
        Member serving = member;
        if (serving != null && members.contains(serving)) {
            end(Failure.SESSION_ENDED);
        }
    }

    private void end(@Nullable Failure failure) {
        if (ended) {
            return;
        }
        ended = true;
        clientSide.discardEarly();
        loop.timers().forget(pause);
        listener.leave(this);
        load.counters().add(PoolCounter.IN_FLIGHT, -1);
        long tookNanos = loop.clock().nanoTime() - startNanos;
        load.latency().record(tookNanos);
        MemberLoad counts = memberLoad;
        if (counts != null) {
            counts.latency().record(tookNanos);
        }
        if (failure != null) {
            load.failures().increment(failure);
            if (counts != null && failure.origin() == Failure.Origin.UPSTREAM) {
                counts.counters().increment(MemberCounter.FAILURES);
            }
        }
        releaseMember();
        if (trace != null) {
            if (failure != null) {
                trace.failed(failure);
            }
            trace.end(loop.index(), loop.clock(), 0);
        }
        if (failure != null) {
            closeBoth();
            return;
        }
        if (!hasUnsent(client) && !hasUnsent(upstream)) {
            closeBoth();
            return;
        }
        closeAfterFlush(client);
        DuplexChannel other = upstream;
        if (other != null) {
            closeAfterFlush(other);
        }
        loop.timers().arm(idle, LAST_BYTES_NANOS);
    }

    private static boolean hasUnsent(@Nullable DuplexChannel channel) {
        ChannelOutboundBuffer unsent = channel == null ? null : channel.unsafe().outboundBuffer();
        return unsent != null && !unsent.isEmpty();
    }

    private void closeBoth() {
        loop.timers().forget(idle);
        client.close();
        DuplexChannel other = upstream;
        if (other != null) {
            other.close();
        }
    }

    private void releaseMember() {
        MemberLoad counts = memberLoad;
        if (counts != null) {
            counts.counters().add(MemberCounter.IN_FLIGHT, -1);
        }
        member = null;
        memberLoad = null;
        Dispatch attempts = dispatch;
        if (attempts != null) {
            attempts.release();
        }
    }

    private static void closeAfterFlush(DuplexChannel channel) {
        if (channel.isActive()) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            channel.close();
        }
    }
}

package io.myelin.health.plugin;

import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of this host: registered by the id that they say, looked at again and again, called while they are there.
 *
 * <p>All state is kept on one event loop, which also carries calls; views are snapshots. Safe from any thread.
 */
public final class PluginRegistry implements Plugins, AutoCloseable {
    /** The name of the source that the configuration is. */
    public static final String CONFIGURATION = "configuration";

    private final PluginLoop loop;
    private final PluginLink.Dialer dialer;
    private final CallLedger ledger;
    private final Clock clock;
    private final PluginBook book;
    private final Map<Long, CompletableFuture<Object>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong turn = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile PluginBook.Snapshot known = PluginBook.Snapshot.EMPTY;

    PluginRegistry(PluginLoop loop, PluginLink.Dialer dialer, CallLedger ledger, Clock clock, RandomSource random) {
        this.loop = loop;
        this.dialer = dialer;
        this.ledger = ledger;
        this.clock = clock;
        this.book = new PluginBook(loop, dialer, clock, random, snapshot -> known = snapshot);
    }

    /**
     * Starts with a first look at the addresses of {@code config}; returns at once.
     *
     * @throws UnusableTlsException if a file of {@link PluginConfig#tls} cannot be used; nothing was started then
     */
    public static PluginRegistry start(PluginConfig config, Clock clock, RandomSource random)
            throws UnusableTlsException {
        SslContext tls = PluginTlsContext.client(config.tls());
        CallLedger ledger = new CallLedger();
        PluginThreads threads = new PluginThreads();
        GrpcDialer dialer = new GrpcDialer(threads, settings(config, tls), clock, ledger);
        PluginRegistry registry = new PluginRegistry(threads, dialer, ledger, clock, random);
        registry.follow(config);
        return registry;
    }

    /**
     * Goes by {@code config} from now on. Plugins that stay named keep their state; calls under way end as they began.
     * Files of certificates are read again, whether they changed or not. Returns at once, but reads files.
     *
     * @throws UnusableTlsException if a file of {@link PluginConfig#tls} cannot be used; nothing was changed then
     */
    public void reconfigure(PluginConfig config) throws UnusableTlsException {
        SslContext tls = PluginTlsContext.client(config.tls());
        dialer.settings(settings(config, tls));
        loop.execute(book::renew);
        follow(config);
    }

    private static GrpcDialer.Settings settings(PluginConfig config, @Nullable SslContext tls) {
        PluginTls files = config.tls();
        return new GrpcDialer.Settings(config.timeout(), tls, files == null ? null : files.serverName());
    }

    /** Looks at the configured addresses, now and in the configured intervals. */
    void follow(PluginConfig config) {
        loop.execute(() -> {
            long now = clock.wallMillis();
            book.status(CONFIGURATION, new SourceStatus(CONFIGURATION, SourceStatus.State.LIVE, now, now, ""));
            book.follow(CONFIGURATION, config.configured(), config.refreshEvery());
        });
    }

    /**
     * Returns where {@code source} delivers the addresses of plugins that it finds; a change is looked at as it comes.
     * While the source is stale, what it said last counts.
     *
     * @param source what people call it, such as {@code kubernetes}
     */
    public EndpointSink discovered(String source) {
        return new Discovered(source);
    }

    /** Forgets {@code source} and the addresses that nothing else names. */
    public void withdraw(String source) {
        loop.execute(() -> book.withdraw(source));
    }

    @Override
    public List<PluginView> list() {
        return known.plugins().values().stream().map(PluginBook.Entry::view).toList();
    }

    @Override
    public Optional<PluginView> find(String id) {
        return entry(id).map(PluginBook.Entry::view);
    }

    @Override
    public CompletionStage<?> refresh() {
        CompletableFuture<Object> over = new CompletableFuture<>();
        long number = turn.incrementAndGet();
        waiting.put(number, over);
        over.whenComplete((look, failure) -> waiting.remove(number));
        if (closed.get()) {
            over.completeExceptionally(new IllegalStateException("the plugins were closed"));
        } else {
            loop.execute(() -> book.refresh().whenComplete((look, failure) -> {
                if (failure == null) {
                    over.complete(known);
                } else {
                    over.completeExceptionally(failure);
                }
            }));
        }
        return over;
    }

    @Override
    public List<SourceStatus> sources() {
        return known.sources();
    }

    @Override
    public List<Unregistered> unregistered() {
        return known.unregistered();
    }

    @Override
    public List<CallCount> calls() {
        return ledger.counts();
    }

    @Override
    public Optional<PluginCalls> of(String id) {
        return entry(id).map(found -> new RegisteredCalls(() -> entry(id).orElse(found)));
    }

    Optional<PluginBook.Entry> entry(String id) {
        return Optional.ofNullable(known.plugins().get(id));
    }

    Map<String, PluginBook.Entry> entries() {
        return known.plugins();
    }

    /** Returns the threads that listeners share with the connections to plugins. */
    PluginThreads threads() {
        if (loop instanceof PluginThreads threads) {
            return threads;
        }
        throw new IllegalStateException("plugins without threads of their own");
    }

    /** Ends all calls and closes all connections. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        loop.execute(book::close);
        dialer.close();
        waiting.values()
                .forEach(one -> one.completeExceptionally(new IllegalStateException("the plugins were closed")));
    }

    /** Takes what one source finds. */
    private final class Discovered implements EndpointSink {
        private final String source;

        private Discovered(String source) {
            this.source = source;
        }

        @Override
        public void replace(EndpointSet endpoints) {
            List<PluginAddress> addresses =
                    endpoints.endpoints().stream().map(Discovered::address).toList();
            loop.execute(() -> book.replace(source, addresses));
        }

        @Override
        public void status(SourceStatus status) {
            loop.execute(() -> book.status(source, status));
        }

        private static PluginAddress address(Endpoint endpoint) {
            return endpoint.unix() ? PluginAddress.unix(endpoint.host()) : PluginAddress.tcp(endpoint.address());
        }
    }
}

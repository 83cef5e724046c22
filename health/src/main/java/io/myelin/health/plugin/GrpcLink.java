package io.myelin.health.plugin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.myelin.health.plugin.PluginCallException.Kind;
import io.myelin.health.plugin.wire.Empty;
import io.myelin.health.plugin.wire.V3Bounds;
import io.myelin.health.plugin.wire.V3PluginGrpc;
import io.myelin.health.plugin.wire.V3ReadRequest;
import io.myelin.health.plugin.wire.V3Reading;
import io.myelin.health.plugin.wire.V3StreamRequest;
import io.myelin.health.plugin.wire.V3TransactionSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to one address over one connection of grpc-java, and over a new one after a call on it did not come through.
 */
final class GrpcLink implements PluginLink {
    /*
     * gRPC waits longer and longer before it connects again, and fails calls meanwhile; when to try again is decided
     * elsewhere, so that a channel on which a call failed is not used again.
     */
    private static final Status CLOSED = Status.UNAVAILABLE.withDescription("the plugin is not called any more");

    private static final Set<String> METHODS = V3PluginGrpc.getServiceDescriptor().getMethods().stream()
            .map(MethodDescriptor::getBareMethodName)
            .filter(Objects::nonNull)
            .collect(Collectors.toUnmodifiableSet());
    /** Callers may invent any number of names, which must not be kept. */
    private static final String OTHER_METHODS = "other";

    private final PluginAddress address;
    private final GrpcDialer dialer;
    private final Outcomes outcomes;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile String name;

    @GuardedBy("lock")
    private @Nullable ManagedChannel channel;

    @GuardedBy("lock")
    private final List<ManagedChannel> retired = new ArrayList<>();

    @GuardedBy("lock")
    private boolean closed;

    GrpcLink(PluginAddress address, GrpcDialer dialer, Outcomes outcomes) {
        this.address = address;
        this.dialer = dialer;
        this.outcomes = outcomes;
        this.name = address.text();
    }

    // Calls.

    @Override
    public CompletionStage<?> test() {
        return one(V3PluginGrpc.getTestMethod(), Empty.getDefaultInstance(), answer -> answer);
    }

    @Override
    public CompletionStage<Introduction> introduce() {
        return one(V3PluginGrpc.getMetadataMethod(), Empty.getDefaultInstance(), PluginWire::identity)
                .thenCompose(identity -> one(
                                V3PluginGrpc.getVersionMethod(), Empty.getDefaultInstance(), PluginWire::version)
                        .thenApply(version -> new Introduction(identity, version)));
    }

    @Override
    public CompletionStage<PluginHealth> health() {
        return one(V3PluginGrpc.getHealthMethod(), Empty.getDefaultInstance(), PluginWire::health);
    }

    @Override
    public CompletionStage<List<Device>> devices(Selector selector) {
        return all(V3PluginGrpc.getDevicesMethod(), PluginWire.selector(selector), PluginWire::device);
    }

    @Override
    public CompletionStage<List<Reading>> read(Selector selector) {
        V3ReadRequest request = V3ReadRequest.newBuilder()
                .setSelector(PluginWire.selector(selector))
                .build();
        return all(V3PluginGrpc.getReadMethod(), request, PluginWire::reading);
    }

    @Override
    public Stream readCache(String start, String end, Receiver<Reading> receiver) {
        V3Bounds request = V3Bounds.newBuilder().setStart(start).setEnd(end).build();
        return stream(V3PluginGrpc.getReadCacheMethod(), request, true, receiver);
    }

    @Override
    public Stream readStream(List<Selector> selectors, Receiver<Reading> receiver) {
        V3StreamRequest.Builder request = V3StreamRequest.newBuilder();
        selectors.forEach(selector -> request.addSelectors(PluginWire.selector(selector)));
        return stream(V3PluginGrpc.getReadStreamMethod(), request.build(), false, receiver);
    }

    @Override
    public CompletionStage<List<WriteOrder>> writeAsync(Selector selector, List<WriteCommand> commands) {
        return all(V3PluginGrpc.getWriteAsyncMethod(), PluginWire.write(selector, commands), PluginWire::order);
    }

    @Override
    public CompletionStage<List<Transaction>> writeSync(Selector selector, List<WriteCommand> commands) {
        return all(V3PluginGrpc.getWriteSyncMethod(), PluginWire.write(selector, commands), PluginWire::transaction);
    }

    @Override
    public CompletionStage<Transaction> transaction(String id) {
        V3TransactionSelector request =
                V3TransactionSelector.newBuilder().setId(id).build();
        return one(V3PluginGrpc.getTransactionMethod(), request, PluginWire::transaction);
    }

    @Override
    public CompletionStage<List<Transaction>> transactions() {
        return all(V3PluginGrpc.getTransactionsMethod(), Empty.getDefaultInstance(), PluginWire::transaction);
    }

    private <Q, W, T> CompletionStage<T> one(MethodDescriptor<Q, W> method, Q request, Function<W, T> words) {
        return all(method, request, words)
                .thenCompose(answers -> answers.isEmpty()
                        ? CompletableFuture.failedFuture(
                                new PluginCallException(Kind.FAILED, method.getBareMethodName() + " without an answer"))
                        : CompletableFuture.completedFuture(answers.get(0)));
    }

    private <Q, W, T> CompletionStage<List<T>> all(MethodDescriptor<Q, W> method, Q request, Function<W, T> words) {
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(dialer.timeout().toNanos(), TimeUnit.NANOSECONDS);
        JudgedCall<Q, W> call = judged(method, options);
        Collected<T> answers = new Collected<>(() -> call.request(1));
        ReceivedCall.begin(call, request, words, answers);
        return answers.all();
    }

    private <Q> Stream stream(
            MethodDescriptor<Q, V3Reading> method, Q request, boolean limited, Receiver<Reading> receiver) {
        ReceivedCall<V3Reading, Reading> call =
                ReceivedCall.begin(judged(method, CallOptions.DEFAULT), request, PluginWire::reading, receiver);
        if (limited) {
            call.requireProgress(dialer.threads(), dialer.timeout());
        }
        return call;
    }

    @Override
    public <Q, A> ClientCall<Q, A> relay(MethodDescriptor<Q, A> method, CallOptions options) {
        Deadline deadline = options.getDeadline();
        boolean hasty = deadline != null
                && deadline.timeRemaining(TimeUnit.NANOSECONDS)
                        < dialer.timeout().toNanos();
        String name = method.getBareMethodName();
        boolean promised = name != null && METHODS.contains(name);
        String counted = promised ? name : OTHER_METHODS;
        return judged(counted, method, options, status -> switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> hasty;
            case UNIMPLEMENTED -> !promised;
            default -> false;
        });
    }

    private <Q, A> JudgedCall<Q, A> judged(MethodDescriptor<Q, A> method, CallOptions options) {
        return judged(String.valueOf(method.getBareMethodName()), method, options, status -> false);
    }

    private <Q, A> JudgedCall<Q, A> judged(
            String counted, MethodDescriptor<Q, A> method, CallOptions options, Predicate<Status> blameless) {
        CallLedger.Row row =
                dialer.ledger().row(counted, name, !method.getType().serverSendsOneMessage());
        try {
            ManagedChannel used = channel();
            ClientCall<Q, A> call = used == null ? new FailedCall<>(CLOSED) : used.newCall(method, options);
            return new JudgedCall<>(call, row, dialer.clock(), blameless, (status, then) -> judge(used, status, then));
        } catch (IllegalArgumentException | IllegalStateException e) {
            Status wrong = Status.UNAVAILABLE.withDescription(e.getMessage());
            return new JudgedCall<>(
                    new FailedCall<>(wrong),
                    row,
                    dialer.clock(),
                    blameless,
                    (status, then) -> judge(null, status, then));
        }
    }

    private void judge(@Nullable ManagedChannel used, Status status, Runnable then) {
        if (status.isOk() || StatusWords.kindOf(status) != Kind.UNREACHABLE) {
            outcomes.ended(null, then);
            return;
        }
        if (used != null) {
            drop(used);
        }
        outcomes.ended(StatusWords.textOf(status), then);
    }

    @Override
    public void name(String now) {
        String before = name;
        name = now;
        if (before.equals(address.text())) {
            dialer.ledger().rename(before, now);
        }
    }

    // Connections.

    private @Nullable ManagedChannel channel() {
        lock.lock();
        try {
            ManagedChannel used = channel;
            if (used == null && !closed) {
                used = dialer.connect(address);
                channel = used;
            }
            return used;
        } finally {
            lock.unlock();
        }
    }

    /** Makes no more calls on {@code broken}; those under way may still end. */
    private void drop(ManagedChannel broken) {
        lock.lock();
        try {
            if (channel != broken) {
                return;
            }
            channel = null;
            retire(broken);
        } finally {
            lock.unlock();
        }
        broken.shutdown();
    }

    @GuardedBy("lock")
    private void retire(ManagedChannel old) {
        retired.removeIf(ManagedChannel::isTerminated);
        retired.add(old);
    }

    @Override
    public void renew() {
        ManagedChannel old;
        lock.lock();
        try {
            old = channel;
            channel = null;
            if (old != null) {
                retire(old);
            }
        } finally {
            lock.unlock();
        }
        if (old != null) {
            // Somebody may have it in hand for a call that is about to begin.
            dialer.threads().schedule(dialer.timeout(), old::shutdown);
        }
    }

    @Override
    public void close() {
        List<ManagedChannel> all = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            all.addAll(retired);
            retired.clear();
            if (channel != null) {
                all.add(channel);
            }
            channel = null;
        } finally {
            lock.unlock();
        }
        all.forEach(ManagedChannel::shutdownNow);
        dialer.ledger().forget(address.text());
    }
}

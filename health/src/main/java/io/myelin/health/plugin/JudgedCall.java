package io.myelin.health.plugin;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import io.myelin.model.Clock;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A call that is counted, and whose end says something of the plugin unless it was cancelled here. */
final class JudgedCall<Q, A> extends SimpleForwardingClientCall<Q, A> {
    private final CallLedger.Row row;
    private final Clock clock;
    private final Predicate<Status> blameless;
    private final BiConsumer<Status, Runnable> judge;
    private volatile boolean cancelled;
    private volatile @Nullable Status expired;

    /**
     * Creates a call that was not started yet.
     *
     * @param blameless which ends say nothing of the plugin
     * @param judge is told how the plugin ended the call, or that it answered; and runs what comes after that
     */
    JudgedCall(
            ClientCall<Q, A> call,
            CallLedger.Row row,
            Clock clock,
            Predicate<Status> blameless,
            BiConsumer<Status, Runnable> judge) {
        super(call);
        this.row = row;
        this.clock = clock;
        this.blameless = blameless;
        this.judge = judge;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
        super.start(new Judge(listener), headers);
    }

    @Override
    public void sendMessage(Q message) {
        row.sent();
        super.sendMessage(message);
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        cancelled = true;
        super.cancel(message, cause);
    }

    /** Ends the call with {@code status} because of the plugin. */
    void expire(Status status) {
        expired = status;
        super.cancel(status.getDescription(), null);
    }

    /** Hears what the plugin says. */
    private final class Judge extends SimpleForwardingClientCallListener<A> {
        private final long startNanos = clock.nanoTime();
        private volatile boolean heard;

        private Judge(Listener<A> listener) {
            super(listener);
        }

        @Override
        public void onMessage(A message) {
            row.received();
            if (!heard) {
                heard = true;
                judge.accept(Status.OK, () -> {});
            }
            super.onMessage(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            row.took(clock.nanoTime() - startNanos);
            Status late = expired;
            Status end = late == null ? status : late;
            if (cancelled || blameless.test(end)) {
                super.onClose(end, trailers);
            } else {
                judge.accept(end, () -> super.onClose(end, trailers));
            }
        }
    }
}

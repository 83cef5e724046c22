package io.myelin.health.plugin;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** A call that reaches nobody. */
final class FailedCall<Q, A> extends ClientCall<Q, A> {
    private final Status status;

    FailedCall(Status status) {
        this.status = status;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
        listener.onClose(status, new Metadata());
    }

    @Override
    public void request(int count) {
        // Nothing comes.
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        // It is over.
    }

    @Override
    public void halfClose() {
        // It is over.
    }

    @Override
    public void sendMessage(Q message) {
        // It is over.
    }
}

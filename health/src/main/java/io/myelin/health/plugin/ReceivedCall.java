package io.myelin.health.plugin;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.myelin.health.plugin.PluginCalls.Receiver;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call whose answers go to a receiver, no more of them than it allows. */
final class ReceivedCall<W, T> extends ClientCall.Listener<W> implements PluginCalls.Stream {
    private static final Logger log = LoggerFactory.getLogger(ReceivedCall.class);
    private static final int FIRST_CREDIT = 16;

    private final JudgedCall<?, W> call;
    private final Function<W, T> words;
    private final Receiver<T> receiver;
    private final AtomicInteger credit = new AtomicInteger(FIRST_CREDIT);
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean stirred;

    /** Creates a call that was not started yet; {@code words} turns messages into what the receiver takes. */
    ReceivedCall(JudgedCall<?, W> call, Function<W, T> words, Receiver<T> receiver) {
        this.call = call;
        this.words = words;
        this.receiver = receiver;
    }

    /** Sends {@code request} and listens. */
    static <Q, W, T> ReceivedCall<W, T> begin(
            JudgedCall<Q, W> call, Q request, Function<W, T> words, Receiver<T> receiver) {
        ReceivedCall<W, T> received = new ReceivedCall<>(call, words, receiver);
        call.start(received, new Metadata());
        call.request(FIRST_CREDIT);
        call.sendMessage(request);
        call.halfClose();
        return received;
    }

    /** Ends the call once the plugin says nothing for {@code limit} although it may. */
    void requireProgress(PluginLoop loop, Duration limit) {
        stirred = false;
        loop.schedule(limit, () -> {
            if (over.get()) {
                return;
            }
            if (stirred || credit.get() <= 0) {
                requireProgress(loop, limit);
            } else {
                call.expire(Status.DEADLINE_EXCEEDED.withDescription("nothing came for " + limit.toMillis() + " ms"));
            }
        });
    }

    @Override
    public void onMessage(W message) {
        stirred = true;
        credit.decrementAndGet();
        if (over.get()) {
            return;
        }
        try {
            receiver.next(words.apply(message));
        } catch (RuntimeException e) {
            log.error("What a plugin answered could not be used", e);
            call.cancel("the answer could not be used", null);
            if (over.compareAndSet(false, true)) {
                receiver.failed(new PluginCallException(PluginCallException.Kind.FAILED, "unusable answer: " + e));
            }
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        if (status.isOk()) {
            receiver.ended();
        } else {
            receiver.failed(StatusWords.failure(status));
        }
    }

    @Override
    public void request(int count) {
        stirred = true;
        credit.addAndGet(count);
        call.request(count);
    }

    @Override
    public void cancel() {
        if (over.compareAndSet(false, true)) {
            call.cancel("not wanted any more", null);
        }
    }
}

package io.myelin.health.plugin;

import io.myelin.health.plugin.PluginCalls.Receiver;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** All messages of an answer, up to as many as anybody can mean. */
@OwnedBy(Owner.EVENT_LOOP)
final class Collected<T> implements Receiver<T> {
    static final int LIMIT = 200_000;

    private final List<T> messages = new ArrayList<>();
    private final CompletableFuture<List<T>> all = new CompletableFuture<>();
    private final Runnable more;

    /** Creates a receiver that runs {@code more} when it can take another message. */
    Collected(Runnable more) {
        this.more = more;
    }

    CompletionStage<List<T>> all() {
        return all;
    }

    @Override
    public void next(T message) {
        if (messages.size() == LIMIT) {
            throw new IllegalStateException("more than " + LIMIT + " messages");
        }
        messages.add(message);
        more.run();
    }

    @Override
    public void ended() {
        all.complete(messages);
    }

    @Override
    public void failed(PluginCallException reason) {
        all.completeExceptionally(reason);
    }
}

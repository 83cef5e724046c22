package io.myelin.discovery.announce;

import io.myelin.discovery.announce.RegistrationObserver.Answer;
import io.myelin.discovery.announce.RegistrationObserver.Operation;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of one registration and who waits for it to be so, which is the same in every kind of registry.
 *
 * <p>{@link #announce}, {@link #announceAgain} and {@link #withdraw} are safe from any thread and take effect in the
 * order of their calls; everything else belongs to the registration's thread.
 */
@OwnedBy(Owner.REGISTRY)
public final class RegistrationGoal {
    private final Executor thread;
    private final Runnable pursuit;
    private final RegistrationObserver observer;
    private final Clock clock;
    private Endpoint endpoint;
    private boolean wanted;
    private CompletableFuture<@Nullable String> reached = new CompletableFuture<>();

    /** A question that was put to the registry. Safe from any thread. */
    public record Request(RegistrationObserver observer, Operation operation, Clock clock, long startNanos) {
        public void answered(Answer answer) {
            observer.onAnswered(operation, clock.nanoTime() - startNanos, answer);
        }
    }

    /**
     * Creates the goal of a registration that is not to be announced yet.
     *
     * @param endpoint what will be announced
     * @param observer hears what becomes of the registration
     * @param thread runs the registration
     * @param pursuit takes the next step towards the goal; run on {@code thread} whenever the goal has changed
     */
    public RegistrationGoal(
            Endpoint endpoint, RegistrationObserver observer, Executor thread, Runnable pursuit, Clock clock) {
        this.endpoint = endpoint;
        this.observer = observer;
        this.thread = thread;
        this.pursuit = pursuit;
        this.clock = clock;
    }

    /** See {@link Registration#announce}. */
    public CompletionStage<@Nullable String> announce(Endpoint changed) {
        return change(() -> {
            endpoint = changed;
            wanted = true;
        });
    }

    /** The same for the endpoint as it was given last. */
    public CompletionStage<@Nullable String> announceAgain() {
        return change(() -> wanted = true);
    }

    /** See {@link Registration#withdraw}. */
    public CompletionStage<@Nullable String> withdraw() {
        return change(() -> wanted = false);
    }

    private CompletionStage<@Nullable String> change(Runnable change) {
        CompletableFuture<@Nullable String> result = new CompletableFuture<>();
        thread.execute(() -> {
            change.run();
            if (reached.isDone()) {
                reached = new CompletableFuture<>();
            }
            reached.thenAccept(result::complete);
            pursuit.run();
        });
        return result;
    }

    /** Returns whether the registry is to name the endpoint. */
    public boolean wanted() {
        return wanted;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** Returns what the registry is to hold. */
    public String json() {
        return NerveJson.encode(endpoint);
    }

    /** The registry says what it is to say: it names the endpoint at {@code path}, or with {@code null} not at all. */
    public void reach(@Nullable String path) {
        if (path == null) {
            observer.onWithdrawn();
        } else {
            observer.onAnnounced(path);
        }
        reached.complete(path);
    }

    /** An attempt failed or the connection was lost, and the next attempt follows. */
    public void miss(String error) {
        observer.onFailed(error);
    }

    /** Notes that the registry is asked for something now. */
    public Request ask(Operation operation) {
        return new Request(observer, operation, clock, clock.nanoTime());
    }
}

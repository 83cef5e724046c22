package io.myelin.discovery.etcd;

import static java.lang.Boolean.FALSE;

import io.myelin.discovery.announce.Registration;
import io.myelin.discovery.announce.RegistrationGoal;
import io.myelin.discovery.announce.RegistrationGoal.Request;
import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.discovery.announce.RegistrationObserver.Answer;
import io.myelin.discovery.announce.RegistrationObserver.Operation;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One endpoint as a key of etcd that is renewed before it ends, and made again when it is gone. */
@OwnedBy(Owner.REGISTRY)
final class EtcdRegistration implements Registration {
    /*
     * One request is under way at a time. Whatever it comes to, the next step follows from what is wished for and what
     * is known of the key: make, rewrite, delete, or wait for the next renewal. A key whose making was answered by
     * nobody is not known and ends with its time to live.
     */
    private static final Logger log = LoggerFactory.getLogger(EtcdRegistration.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int RENEWALS = 3;

    private final EtcdReporterConfig config;
    private final EtcdClient client;
    private final ScheduledExecutorService thread;
    private final RegistrationGoal goal;
    private @Nullable EtcdApi api;
    private @Nullable EtcdKey held;
    private String written = "";
    private boolean busy;
    private boolean closed;
    private boolean renewalDue;
    private long generation;

    /**
     * Creates a registration that is not announced yet.
     *
     * @param thread everything happens there
     */
    EtcdRegistration(
            EtcdReporterConfig config,
            EtcdClient client,
            ScheduledExecutorService thread,
            Endpoint endpoint,
            RegistrationObserver observer) {
        this.config = config;
        this.client = client;
        this.thread = thread;
        this.goal = new RegistrationGoal(endpoint, observer, this::queue, this::step, Clock.SYSTEM);
    }

    @Override
    public CompletionStage<@Nullable String> announce(Endpoint changed) {
        return goal.announce(changed);
    }

    @Override
    public CompletionStage<@Nullable String> withdraw() {
        return goal.withdraw();
    }

    @Override
    public void close() {
        queue(() -> closed = true);
    }

    private void step() {
        if (busy || closed) {
            return;
        }
        String json = goal.json();
        long ttl = config.ttl().toSeconds();
        EtcdKey key = held;
        EtcdApi chosen = api;
        if (!goal.wanted() && key == null) {
            goal.reach(null);
        } else if (chosen == null) {
            ask("choose", this::choose, found -> api = found);
        } else if (key == null) {
            ask(
                    Operation.CREATE,
                    () -> chosen.create(config.directory(goal.endpoint().name()), json, ttl),
                    made -> {
                        log.info(
                                "Endpoint announced: key={} endpoint={}",
                                made.key(),
                                goal.endpoint().address());
                        hold(made, json);
                    });
        } else if (!goal.wanted()) {
            ask(Operation.DELETE, () -> chosen.delete(key), gone -> {
                log.info("Endpoint withdrawn: key={}", key.key());
                held = null;
            });
        } else if (!json.equals(written)) {
            ask(Operation.SAVE, () -> chosen.rewrite(key, json, ttl), kept -> hold(kept ? key : null, json));
        } else if (renewalDue) {
            ask(Operation.RENEW, () -> chosen.renew(key, json, ttl), kept -> hold(kept ? key : null, json));
        } else {
            goal.reach(key.key());
        }
    }

    private CompletionStage<EtcdApi> choose() {
        return switch (config.api()) {
            case V2 -> CompletableFuture.completedFuture(new EtcdV2(client));
            case V3 -> CompletableFuture.completedFuture(new EtcdV3(client));
            case AUTO ->
                client.get("/v2/keys/")
                        .<EtcdApi>thenApply(root -> new EtcdV2(client))
                        .exceptionally(failure -> {
                            if (causeOf(failure) instanceof EtcdException refused && refused.status() == 404) {
                                return new EtcdV3(client);
                            }
                            throw new CompletionException(causeOf(failure));
                        });
        };
    }

    private <T> void ask(Operation operation, Supplier<? extends CompletionStage<T>> question, Consumer<T> onDone) {
        Request request = goal.ask(operation);
        ask(
                operation.name().toLowerCase(Locale.ROOT),
                () -> question.get()
                        .whenComplete((answer, failure) -> request.answered(
                                failure != null ? Answer.FAILED : FALSE.equals(answer) ? Answer.GONE : Answer.DONE)),
                onDone);
    }

    /** Takes the outcome of {@code question} into account on the thread, and goes on from there. */
    private <T> void ask(String operation, Supplier<? extends CompletionStage<T>> question, Consumer<T> onDone) {
        CompletionStage<T> asked;
        try {
            asked = question.get();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        busy = true;
        asked.whenComplete((answer, failure) -> queue(() -> {
            busy = false;
            if (failure != null) {
                onFailed(operation, causeOf(failure));
            } else {
                onDone.accept(answer);
                step();
            }
        }));
    }

    private void hold(@Nullable EtcdKey key, String json) {
        held = key;
        written = json;
        renewalDue = false;
        long current = ++generation;
        if (key != null) {
            later(config.ttl().dividedBy(RENEWALS), () -> {
                if (current == generation) {
                    renewalDue = true;
                    step();
                }
            });
        }
    }

    private void onFailed(String operation, Throwable cause) {
        String error = operation + " at " + client.host() + ": " + cause;
        log.debug("A registration has to be repeated: {}", error);
        goal.miss(error);
        client.turnToNext();
        later(PAUSE, this::step);
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void queue(Runnable task) {
        later(Duration.ZERO, task);
    }

    private void later(Duration delay, Runnable task) {
        try {
            thread.schedule(
                    () -> {
                        try {
                            task.run();
                        } catch (RuntimeException e) {
                            log.error("A task of a registry client failed: place={}", config.place(), e);
                        }
                    },
                    delay.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("Dropped a task after the end: place={}", config.place(), e);
        }
    }
}

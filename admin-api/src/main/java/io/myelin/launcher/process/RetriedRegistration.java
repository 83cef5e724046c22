package io.myelin.launcher.process;

import io.myelin.discovery.announce.Registration;
import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registration that outlives whatever its registry's client throws: that is told as a failure like any other, and
 * what was wanted last is asked for again after a pause.
 */
@OwnedBy(Owner.CONTROL)
final class RetriedRegistration implements Registration {
    private static final Logger log = LoggerFactory.getLogger(RetriedRegistration.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String service;
    private final Supplier<Registration> client;
    private final RegistrationObserver observer;
    private final Executor control;
    private final Executor later;
    private final List<CompletableFuture<@Nullable String>> waiting = new ArrayList<>();
    private volatile @Nullable Registration registration;
    private volatile boolean closed;
    private @Nullable Function<Registration, CompletionStage<@Nullable String>> wish;
    private boolean retrying;
    private String complaint = "";

    /**
     * Queues the first attempt to register, and others for as long as it fails.
     *
     * @param client registers, without announcing yet
     * @param observer hears of what is thrown
     */
    RetriedRegistration(
            String service, Supplier<Registration> client, RegistrationObserver observer, Executor control) {
        this.service = service;
        this.client = client;
        this.observer = observer;
        this.control = control;
        this.later = CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS, control);
        control.execute(this::attempt);
    }

    @Override
    public CompletionStage<@Nullable String> announce(Endpoint endpoint) {
        return want(registered -> registered.announce(endpoint));
    }

    @Override
    public CompletionStage<@Nullable String> withdraw() {
        return want(Registration::withdraw);
    }

    @Override
    public void close() {
        closed = true;
        Registration registered = registration;
        if (registered != null) {
            letGo(registered);
        }
    }

    private CompletionStage<@Nullable String> want(Function<Registration, CompletionStage<@Nullable String>> next) {
        CompletableFuture<@Nullable String> result = new CompletableFuture<>();
        control.execute(() -> {
            wish = next;
            waiting.add(result);
            attempt();
        });
        return result;
    }

    private void attempt() {
        if (closed) {
            return;
        }
        try {
            Registration registered = registered();
            Function<Registration, CompletionStage<@Nullable String>> wanted = wish;
            if (wanted != null) {
                List<CompletableFuture<@Nullable String>> asking = List.copyOf(waiting);
                wanted.apply(registered).whenComplete((path, failure) -> conclude(asking, path, failure));
                waiting.clear();
            }
            complaint = "";
        } catch (RuntimeException | LinkageError e) {
            fail(e);
        }
    }

    private Registration registered() {
        Registration registered = registration;
        if (registered == null) {
            registered = client.get();
            registration = registered;
            if (closed) {
                letGo(registered);
            }
        }
        return registered;
    }

    private void conclude(
            List<CompletableFuture<@Nullable String>> asking, @Nullable String path, @Nullable Throwable failure) {
        if (failure == null) {
            asking.forEach(one -> one.complete(path));
        } else {
            control.execute(() -> {
                waiting.addAll(asking);
                fail(failure);
            });
        }
    }

    private void fail(Throwable failure) {
        String error = String.valueOf(failure);
        if (!error.equals(complaint)) {
            complaint = error;
            log.error("A registry's client went wrong, tried again: service={}", service, failure);
        }
        observer.onFailed(error);
        if (!retrying) {
            retrying = true;
            later.execute(() -> {
                retrying = false;
                attempt();
            });
        }
    }

    private void letGo(Registration registered) {
        try {
            registered.close();
        } catch (RuntimeException | LinkageError e) {
            log.error("A registration could not be closed: service={}", service, e);
        }
    }
}

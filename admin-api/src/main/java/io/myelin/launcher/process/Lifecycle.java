package io.myelin.launcher.process;

import io.myelin.model.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a process from its start to its end: requests from any thread, carried out one at a time by one thread.
 */
public final class Lifecycle {
    /** What can be asked of a running process. */
    public enum Request {
        /** Read the configuration again. */
        RELOAD,
        /** Take in what registries say about configuration. */
        REGISTRY,
        /** Drain and end; while draining, end at once. */
        STOP,
        /** Said by the process itself: no registry names its instances any more. */
        WITHDRAWN,
        /** Said by the process itself: nothing is left to drain. */
        DRAINED,
        /** Said by the process itself: no replica runs any more. */
        REPLICAS_ENDED
    }

    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);
    /** What cutting the last connections may take after the drain limit. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** What telling the registries may take; one that cannot be reached tells nobody anything. */
    private static final Duration WITHDRAW_LIMIT = Duration.ofSeconds(5);

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Clock clock;
    /** Whether a second stop was asked for. */
    private volatile boolean hurried;

    public Lifecycle(Clock clock) {
        this.clock = clock;
    }

    /** Queues {@code request}; safe from any thread. */
    public void request(Request request) {
        requests.add(request);
    }

    /** Returns whether a stop was asked for and not carried out yet, so that whoever waits may give up; any thread. */
    public boolean stopAsked() {
        return requests.contains(Request.STOP);
    }

    /**
     * Carries out what is asked for until the process is asked to stop.
     *
     * @param reload reads the files again
     * @param takeNews takes in what registries say about configuration
     */
    void awaitStop(Runnable reload, Runnable takeNews) throws InterruptedException {
        while (true) {
            Request request = requests.take();
            if (request == Request.STOP) {
                return;
            }
            if (request == Request.RELOAD) {
                carryOut(reload);
            } else if (request == Request.REGISTRY) {
                carryOut(takeNews);
            }
        }
    }

    /**
     * Withdraws what is announced and returns once those who were told of it had time to hear of that, or a second stop
     * was asked for.
     *
     * @param withdraw begins to withdraw and completes with the time that others need
     */
    void withdraw(Supplier<CompletionStage<Duration>> withdraw) throws InterruptedException {
        AtomicLong waitMillis = new AtomicLong();
        withdraw.get().whenComplete((needed, failure) -> {
            if (failure != null) {
                log.error("Withdrawal failed", failure);
            } else {
                waitMillis.set(needed.toMillis());
            }
            request(Request.WITHDRAWN);
        });
        if (!pause(WITHDRAW_LIMIT, Request.WITHDRAWN)) {
            return;
        }
        if (waitMillis.get() > 0) {
            log.info("Withdrawn, serving on while others move away: wait={} ms", waitMillis.get());
            pause(Duration.ofMillis(waitMillis.get()), null);
        }
    }

    /**
     * Waits for {@code awaited}, at most that long; returns whether it came. A stop that is asked for meanwhile ends
     * the wait and stays asked for.
     */
    private boolean pause(Duration limit, @Nullable Request awaited) throws InterruptedException {
        long deadlineNanos = clock.nanoTime() + limit.toNanos();
        while (true) {
            Request request = requests.poll(deadlineNanos - clock.nanoTime(), TimeUnit.NANOSECONDS);
            if (request == null) {
                if (awaited != null) {
                    log.warn("Registries not reached in time, not waiting for them: limit={} ms", limit.toMillis());
                }
                return false;
            }
            if (request == Request.STOP) {
                request(Request.STOP);
                return false;
            }
            if (request == awaited) {
                return true;
            }
            log.info("Ignored while stopping: request={}", request);
        }
    }

    /**
     * Drains and returns once nothing is left, the limit has passed, or a second stop was asked for.
     *
     * @param drain begins to drain within the limit that it is given
     */
    void drain(Duration limit, Function<Duration, CompletionStage<Integer>> drain) throws InterruptedException {
        log.info("Draining: limit={} ms", limit.toMillis());
        drain.apply(limit).whenComplete((cut, failure) -> {
            report(cut, failure);
            request(Request.DRAINED);
        });
        long deadlineNanos = clock.nanoTime() + limit.plus(GRACE).toNanos();
        while (true) {
            Request request = requests.poll(deadlineNanos - clock.nanoTime(), TimeUnit.NANOSECONDS);
            if (request == null) {
                log.warn("Drain did not end in time, cutting the rest: limit={} ms", limit.toMillis());
                return;
            }
            if (request == Request.STOP) {
                log.info("Asked again to stop, cutting the rest");
                hurried = true;
                return;
            }
            if (request == Request.DRAINED) {
                return;
            }
            if (request != Request.WITHDRAWN) {
                log.info("Ignored while draining: request={}", request);
            }
        }
    }

    /**
     * Ends the replicas and returns once none runs any more, the limit has passed, or a second stop was asked for.
     *
     * @param stop begins to end them
     */
    void stopReplicas(Duration limit, Supplier<CompletionStage<Void>> stop) throws InterruptedException {
        if (hurried) {
            return;
        }
        stop.get().whenComplete((done, failure) -> request(Request.REPLICAS_ENDED));
        long deadlineNanos = clock.nanoTime() + limit.toNanos();
        while (true) {
            Request request = requests.poll(deadlineNanos - clock.nanoTime(), TimeUnit.NANOSECONDS);
            if (request == null || request == Request.REPLICAS_ENDED) {
                return;
            }
            if (request == Request.STOP) {
                log.info("Asked again to stop, killing the replicas");
                return;
            }
            log.info("Ignored while replicas end: request={}", request);
        }
    }

    private static void carryOut(Runnable change) {
        try {
            change.run();
        } catch (RuntimeException e) {
            log.error("A change of the configuration failed, what ran goes on", e);
        }
    }

    private static void report(@Nullable Integer cut, @Nullable Throwable failure) {
        if (failure != null) {
            log.error("Drain failed", failure);
        } else {
            log.info("Drained: cut={}", cut);
        }
    }
}

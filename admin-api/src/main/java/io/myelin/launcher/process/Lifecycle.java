package io.myelin.launcher.process;

import io.myelin.model.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
        /** Said by the process itself: nothing is left to drain. */
        DRAINED
    }

    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);
    /** What cutting the last connections may take after the drain limit. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Clock clock;

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
                return;
            }
            if (request == Request.DRAINED) {
                return;
            }
            log.info("Ignored while draining: request={}", request);
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

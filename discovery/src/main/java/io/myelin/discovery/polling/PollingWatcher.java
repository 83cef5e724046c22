package io.myelin.discovery.polling;

import io.myelin.discovery.GatedSink;
import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.SourceReport;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a registry by asking it again and again, one question at a time, and at once when there is a hint that
 * something has changed.
 */
@OwnedBy(Owner.REGISTRY)
public final class PollingWatcher implements ServiceWatcher {
    private static final Logger log = LoggerFactory.getLogger(PollingWatcher.class);
    private static final int LEAST_PERCENT_OF_INTERVAL = 90;
    /** Hints that come together are one question. */
    private static final Duration GATHERING = Duration.ofMillis(50);

    private final String service;
    private final String source;
    private final Poll poll;
    private final Hints hints;
    private final GatedSink sink;
    private final SourceReport report;
    private final Means means;
    private final Pace pace;
    private final BackOff backOff;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable List<Endpoint> delivered;
    private @Nullable Future<?> timer;
    private Runnable unsubscribe = () -> {};
    private boolean failing;
    private boolean asking;
    /** Whether there was a hint since the latest question. */
    private boolean hinted;

    /** One way of asking. */
    @FunctionalInterface
    public interface Poll {
        /**
         * Asks once; called on the loop, which it must not block and on which the answer comes. It fails with a
         * {@link PollException}, and always ends.
         */
        CompletableFuture<Reading> read();
    }

    /**
     * What all watchers of one kind of registry share.
     *
     * @param loop where they live
     * @param totals what they count
     * @param clock dates what they report
     * @param random keeps hosts from asking at the same moment
     */
    public record Means(RegistryLoop loop, Totals<PollCount> totals, Clock clock, RandomSource random) {}

    /**
     * Creates a watcher.
     *
     * @param source what is asked, for people; without secrets
     */
    public PollingWatcher(
            String service, String source, Poll poll, Hints hints, Pace pace, EndpointSink sink, Means means) {
        this.service = service;
        this.source = source;
        this.poll = poll;
        this.hints = hints;
        this.pace = pace;
        this.sink = new GatedSink(sink);
        this.report = new SourceReport(source, this.sink, means.clock());
        this.means = means;
        this.backOff = new BackOff(pace.firstPause(), pace.longestPause(), means.random());
    }

    @Override
    public void start() {
        if (!closed.get() && started.compareAndSet(false, true)) {
            report.starting();
            means.loop().execute(() -> {
                if (!closed.get()) {
                    unsubscribe = hints.subscribe(this::onHint);
                    ask();
                }
            });
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sink.close();
            means.loop().execute(() -> {
                cancelTimer();
                unsubscribe.run();
            });
        }
    }

    private void onHint() {
        if (hinted || closed.get()) {
            return;
        }
        hinted = true;
        means.totals().increment(PollCount.HINTS);
        if (!asking) {
            askAfter(GATHERING);
        }
    }

    private void askAfter(Duration pause) {
        cancelTimer();
        timer = means.loop().schedule(this::ask, hinted ? GATHERING : pause);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void ask() {
        if (closed.get()) {
            return;
        }
        asking = true;
        hinted = false;
        means.totals().increment(PollCount.POLLS);
        asked().whenComplete((reading, failure) -> {
            asking = false;
            if (reading == null) {
                fail(reason(failure));
            } else {
                deliver(reading);
                settle(reading.problem());
            }
        });
    }

    private CompletableFuture<Reading> asked() {
        try {
            return poll.read();
        } catch (RuntimeException e) {
            log.warn("A registry could not be asked: service={} source={}", service, source, e);
            return CompletableFuture.failedFuture(e);
        }
    }

    private void deliver(Reading reading) {
        List<Endpoint> endpoints = reading.endpoints().stream()
                .distinct()
                .sorted(Comparator.comparing(Endpoint::address).thenComparing(Endpoint::name))
                .toList();
        if (!endpoints.equals(delivered)) {
            delivered = endpoints;
            means.totals().increment(PollCount.DELIVERIES);
            sink.replace(new EndpointSet(service, endpoints, source));
        }
    }

    private void settle(String problem) {
        if (!problem.isEmpty()) {
            fail(problem);
            return;
        }
        if (failing) {
            log.info("A registry answers again: service={} source={}", service, source);
        }
        failing = false;
        backOff.reset();
        report.synced();
        askAfter(BackOff.spread(pace.interval(), LEAST_PERCENT_OF_INTERVAL, means.random()));
    }

    private void fail(String reason) {
        means.totals().increment(PollCount.FAILED_POLLS);
        if (!failing && !closed.get()) {
            log.warn(
                    "A registry does not answer, serving the last endpoints: service={} source={} reason={}",
                    service,
                    source,
                    reason);
        }
        failing = true;
        report.lost(reason);
        askAfter(backOff.next());
    }

    private static String reason(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof PollException ? String.valueOf(cause.getMessage()) : String.valueOf(cause);
    }
}

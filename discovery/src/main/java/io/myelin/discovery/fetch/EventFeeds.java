package io.myelin.discovery.fetch;

import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.polling.BackOff;
import io.myelin.discovery.polling.Foreign;
import io.myelin.discovery.polling.Hints;
import io.myelin.discovery.polling.PollException;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responses without end in which registries tell of changes, a line for each: one connection per source, however many
 * watchers listen to it. A source that ends, or has nothing of the kind, is tried again after pauses that grow; without
 * it watchers ask at their intervals.
 */
@OwnedBy(Owner.REGISTRY)
public final class EventFeeds {
    private static final Logger log = LoggerFactory.getLogger(EventFeeds.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    /** Also how long a connection must have been there to count as a success. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final RegistryLoop loop;
    private final HttpFetcher fetcher;
    private final Trusts trusts;
    private final Clock clock;
    private final RandomSource random;
    private final Map<Source, Feed> feeds = new HashMap<>();

    EventFeeds(RegistryLoop loop, HttpFetcher fetcher, Trusts trusts, Clock clock, RandomSource random) {
        this.loop = loop;
        this.fetcher = fetcher;
        this.trusts = trusts;
        this.clock = clock;
        this.random = random;
    }

    /** Where a registry tells of changes. */
    public record Source(HttpOrigin origin, TlsFiles tls, HttpCall call) {}

    /**
     * Returns hints from every one of {@code sources}: whenever it is reached, since something may have changed before,
     * and with every line that {@code concerns} accepts.
     */
    public Hints of(List<Source> sources, Predicate<String> concerns) {
        return changed -> {
            Listener listener = new Listener(concerns, changed);
            sources.forEach(
                    source -> feeds.computeIfAbsent(source, Feed::new).listeners.add(listener));
            sources.forEach(source -> feeds.computeIfAbsent(source, Feed::new).open());
            return () -> sources.forEach(source -> leave(source, listener));
        };
    }

    private void leave(Source source, Listener listener) {
        Feed feed = feeds.get(source);
        if (feed != null) {
            feed.listeners.remove(listener);
            if (feed.listeners.isEmpty()) {
                feeds.remove(source);
                feed.close();
            }
        }
    }

    /** One watcher; two of them are never equal. */
    private static final class Listener {
        private final Predicate<String> concerns;
        private final Runnable changed;

        Listener(Predicate<String> concerns, Runnable changed) {
            this.concerns = concerns;
            this.changed = changed;
        }
    }

    /** One connection, or the pause before the next. */
    @OwnedBy(Owner.REGISTRY)
    private final class Feed implements Follower {
        private final Source source;
        private final Set<Listener> listeners = new LinkedHashSet<>();
        private final BackOff backOff = new BackOff(FIRST_PAUSE, LONGEST_PAUSE, random);
        private @Nullable Runnable connection;
        private @Nullable Future<?> timer;
        private long openedNanos;
        private boolean open;
        private boolean complained;

        Feed(Source source) {
            this.source = source;
        }

        /** Connects unless that was done. */
        void open() {
            if (connection == null && timer == null) {
                connect();
            }
        }

        void close() {
            if (timer != null) {
                timer.cancel(false);
            }
            if (connection != null) {
                connection.run();
            }
        }

        private void connect() {
            timer = null;
            try {
                connection =
                        fetcher.follow(source.origin(), source.call(), trusts.of(source.origin(), source.tls()), this);
            } catch (PollException e) {
                onEnd(String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void onOpen() {
            if (complained) {
                log.info("A registry tells of changes: registry={}", source.origin());
            }
            complained = false;
            open = true;
            openedNanos = clock.nanoTime();
            List.copyOf(listeners).forEach(listener -> listener.changed.run());
        }

        @Override
        public void onLine(String line) {
            backOff.reset();
            List.copyOf(listeners).stream()
                    .filter(listener -> listener.concerns.test(line))
                    .forEach(listener -> listener.changed.run());
        }

        @Override
        public void onEnd(String reason) {
            if (open && clock.nanoTime() - openedNanos > LONGEST_PAUSE.toNanos()) {
                backOff.reset();
            }
            if (!complained) {
                log.info(
                        "A registry does not tell of changes, it is asked at intervals: registry={} reason={}",
                        source.origin(),
                        Foreign.line(reason));
            }
            complained = true;
            open = false;
            connection = null;
            timer = loop.schedule(this::connect, backOff.next());
        }
    }
}

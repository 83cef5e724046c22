package io.myelin.discovery.multi;

import io.myelin.discovery.multi.ResolverConfig.Toggle;
import io.myelin.discovery.polling.Totals;
import io.myelin.discovery.s3.ObjectReader;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One object that says which source serves. It is first read after a random part of its interval, so that hosts which
 * start together do not read together, and a source is drawn anew only when its content changes.
 */
@OwnedBy(Owner.REGISTRY)
final class ToggleObject {
    private static final Logger log = LoggerFactory.getLogger(ToggleObject.class);

    private final Toggle config;
    private final ObjectReader objects;
    private final Executor thread;
    private final RandomSource random;
    private final Totals<MultiCount> counts;
    private final Map<Object, Consumer<String>> followers = new LinkedHashMap<>();
    private final long intervalNanos;
    private boolean begun;
    private boolean reading;
    private long dueNanos;
    private @Nullable Weights weights;
    private @Nullable String drawn;
    private String error = "";

    ToggleObject(Toggle config, ObjectReader objects, Executor thread, RandomSource random, Totals<MultiCount> counts) {
        this.config = config;
        this.objects = objects;
        this.thread = thread;
        this.random = random;
        this.counts = counts;
        this.intervalNanos = config.interval().toNanos();
    }

    void add(Object follower, Consumer<String> taker) {
        followers.put(follower, taker);
        if (drawn != null) {
            taker.accept(drawn);
        }
    }

    void remove(Object follower) {
        followers.remove(follower);
    }

    String error() {
        return error;
    }

    void look(long nowNanos) {
        if (!begun) {
            begun = true;
            dueNanos = nowNanos + firstPauseNanos();
        }
        if (!reading && nowNanos - dueNanos >= 0) {
            dueNanos = nowNanos + intervalNanos;
            reading = true;
            counts.increment(MultiCount.TOGGLE_READS);
            objects.read(config.bucket(), config.key())
                    .whenComplete((content, failure) -> thread.execute(() -> {
                        reading = false;
                        if (content == null) {
                            fail(failure);
                        } else {
                            take(content);
                        }
                    }));
        }
    }

    private long firstPauseNanos() {
        long millis = TimeUnit.NANOSECONDS.toMillis(intervalNanos);
        return TimeUnit.MILLISECONDS.toNanos(random.below((int) Math.min(millis + 1, Integer.MAX_VALUE)));
    }

    private void take(byte[] content) {
        try {
            Weights read = Weights.parse(content);
            error = "";
            if (!read.equals(weights)) {
                weights = read;
                String name = read.draw(random);
                drawn = name;
                log.info("A source was drawn: object={} drawn={} weights={}", name(), name, read.byName());
                List.copyOf(followers.values()).forEach(taker -> taker.accept(name));
            }
        } catch (MalformedWeightsException e) {
            fail(e);
        }
    }

    private void fail(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String reason = cause == null ? "nothing" : String.valueOf(cause.getMessage());
        counts.increment(MultiCount.FAILED_TOGGLE_READS);
        error = name() + ": " + reason;
        log.warn("A toggle cannot be read, the source that serves goes on: object={} reason={}", name(), reason);
    }

    private String name() {
        return "s3://" + config.bucket() + "/" + config.key();
    }
}

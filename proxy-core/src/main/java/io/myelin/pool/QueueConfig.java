package io.myelin.pool;

import io.myelin.balance.Slots;
import io.myelin.model.Endpoint;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much each member of a pool may have to do at once, and how what is beyond that waits. {@link Slots#UNLIMITED}
 * means no limit wherever a number is asked for.
 *
 * @param maxConnections how many requests and tunnels each member may have at once, on all event loops together; at
 *     least 1. The option {@code maxconn} of an endpoint counts instead
 * @param maxWaiting how many may wait for one member and no other, at least 0; the option {@code maxqueue} of an
 *     endpoint counts instead
 * @param maxPending how many may wait in the pool altogether, at least 0
 * @param timeout how long one may wait, {@link Duration#ZERO} for ever; {@code null} for as long as connecting may take
 */
public record QueueConfig(
        int maxConnections,
        int maxWaiting,
        int maxPending,
        @Nullable Duration timeout) {
    /** Members take whatever comes. */
    public static final QueueConfig UNLIMITED =
            new QueueConfig(Slots.UNLIMITED, Slots.UNLIMITED, Slots.UNLIMITED, null);

    public QueueConfig {
        requireAtLeast("max_connections", maxConnections, 1);
        requireAtLeast("max_waiting", maxWaiting, 0);
        requireAtLeast("max_pending", maxPending, 0);
        if (timeout != null && timeout.isNegative()) {
            throw new IllegalArgumentException("queue_timeout: " + timeout + " (expected: >= 0)");
        }
    }

    private static void requireAtLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: >= " + least + ")");
        }
    }

    /** Returns how many requests and tunnels {@code endpoint} may have at once. */
    int maxConnections(Endpoint endpoint) {
        return option(endpoint, "maxconn", maxConnections);
    }

    /** Returns how many may wait for {@code endpoint} and no other. */
    int maxWaiting(Endpoint endpoint) {
        return option(endpoint, "maxqueue", maxWaiting);
    }

    /** Returns how long one may wait, 0 for ever. */
    long timeoutNanos(UpstreamConfig upstream) {
        return (timeout == null ? upstream.connectTimeout() : timeout).toNanos();
    }

    /**
     * Returns the number behind the last {@code name} among an endpoint's options, where 0 is no limit as in HAProxy;
     * an endpoint that its registry describes badly is treated like the others.
     */
    private static int option(Endpoint endpoint, String name, int otherwise) {
        String options = endpoint.options();
        if (!options.contains(name)) {
            return otherwise;
        }
        String[] words = options.strip().split("\\s+", -1);
        for (int i = words.length - 2; i >= 0; i--) {
            if (words[i].equals(name) && words[i + 1].matches("\\d{1,9}")) {
                int number = Integer.parseInt(words[i + 1]);
                return number == 0 ? Slots.UNLIMITED : number;
            }
        }
        return otherwise;
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private int maxConnections;
        private int maxWaiting;
        private int maxPending;
        private @Nullable Duration timeout;

        private Builder(QueueConfig settings) {
            maxConnections = settings.maxConnections;
            maxWaiting = settings.maxWaiting;
            maxPending = settings.maxPending;
            timeout = settings.timeout;
        }

        public Builder maxConnections(int newMaxConnections) {
            maxConnections = newMaxConnections;
            return this;
        }

        public Builder maxWaiting(int newMaxWaiting) {
            maxWaiting = newMaxWaiting;
            return this;
        }

        public Builder maxPending(int newMaxPending) {
            maxPending = newMaxPending;
            return this;
        }

        public Builder timeout(@Nullable Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        public QueueConfig build() {
            return new QueueConfig(maxConnections, maxWaiting, maxPending, timeout);
        }
    }
}

package io.myelin.discovery.multi;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which of several sources serve. */
public interface ResolverConfig {
    /**
     * Checks the names of children that this mentions.
     *
     * @throws IllegalArgumentException if they do not fit, naming the key and the expected value
     */
    default void check(Set<String> children) {
        // Mentions none.
    }

    /** All of them together. */
    record Union() implements ResolverConfig {}

    /** None of them: Synapse's {@code base}. */
    record Nobody() implements ResolverConfig {}

    /**
     * The first one that works.
     *
     * @param order the names of all children, the preferred one first
     */
    record Sequential(List<String> order) implements ResolverConfig {
        public Sequential {
            order = List.copyOf(order);
        }

        @Override
        public void check(Set<String> children) {
            if (order.size() != children.size() || !new HashSet<>(order).equals(children)) {
                throw new IllegalArgumentException(
                        "sequential_order: " + order + " (expected: each of " + children + " once)");
            }
        }
    }

    /**
     * The one that an object in S3 says: weights of children, by which one is drawn whenever they change.
     *
     * @param bucket where the object is
     * @param key its name there
     * @param interval between two looks
     */
    record Toggle(String bucket, String key, Duration interval) implements ResolverConfig {
        public Toggle {
            if (bucket.isEmpty() || key.isEmpty()) {
                throw new IllegalArgumentException("s3_url: " + bucket + "/" + key + " (expected: s3://BUCKET/KEY)");
            }
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException(
                        "s3_polling_interval_seconds: " + interval.toSeconds() + " (expected: > 0)");
            }
        }
    }
}

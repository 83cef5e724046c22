package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.reader.Section.Item;
import io.myelin.failure.Failure;
import io.myelin.pool.RetryRules;
import io.myelin.pool.UpstreamConfig;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Reads which further attempts requests get: {@code retries}, a number or a map. */
final class RetriesReader {
    private static final int MOST_ATTEMPTS = 100;
    private static final int LARGEST_BUFFER = 16 * 1024 * 1024;

    private final Section service;
    private final Problems problems;

    RetriesReader(Section service) {
        this.service = service;
        this.problems = service.problems();
    }

    /** Returns {@code otherwise} with what the key says. */
    UpstreamConfig read(UpstreamConfig otherwise) {
        if (service.node("retries") instanceof Scalar) {
            int attempts = service.number("retries", 0, MOST_ATTEMPTS, otherwise.retries());
            return otherwise.with().retries(attempts).build();
        }
        Section retries = service.section("retries");
        if (retries == null) {
            return otherwise;
        }
        retries.allow(Keys.RETRIES);
        RetryRules rules = retries.has("on") ? on(retries, otherwise.retryRules()) : otherwise.retryRules();
        int buffer = (int) retries.bytes("buffer", rules.bodyBytes(), LARGEST_BUFFER);
        return otherwise
                .with()
                .retries(retries.number("attempts", 0, MOST_ATTEMPTS, otherwise.retries()))
                .redispatch(retries.flag("redispatch", otherwise.redispatch()))
                .retryRules(rules.withBodyBytes(buffer))
                .build();
    }

    private RetryRules on(Section retries, RetryRules otherwise) {
        Set<Failure> failures = EnumSet.noneOf(Failure.class);
        Set<Integer> statuses = new HashSet<>();
        for (Item item : retries.items("on")) {
            String text = item.node() instanceof Scalar scalar
                    ? scalar.text()
                    : "is " + item.node().kind();
            if (text.matches("[45]\\d\\d")) {
                statuses.add(Integer.valueOf(text));
            } else if (!add(text, failures)) {
                problems.error(item.where(), text, "a status 400..599, or one of " + names());
            }
        }
        return new RetryRules(failures, statuses, otherwise.bodyBytes());
    }

    private static boolean add(String label, Set<Failure> failures) {
        for (Failure failure : RetryRules.REPEATABLE) {
            if (failure.label().equals(label)) {
                failures.add(failure);
                return true;
            }
        }
        return false;
    }

    private static String names() {
        Set<String> names = new TreeSet<>();
        RetryRules.REPEATABLE.forEach(failure -> names.add(failure.label()));
        return String.join(", ", names);
    }
}

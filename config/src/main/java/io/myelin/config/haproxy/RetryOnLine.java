package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.failure.Failure;
import io.myelin.pool.RetryRules;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code retry-on} lines (HAProxy 2.6 manual, section 4.2). */
final class RetryOnLine {
    private static final String FORMS = "none, or some of conn-failure, empty-response, junk-response,"
            + " response-timeout, all-retryable-errors and statuses such as 503";

    private RetryOnLine() {}

    /** Returns what a line {@code retry-on [condition ...]} asks for. */
    static RetryRules rules(Line line, Problems problems) throws MalformedLineException {
        List<String> conditions = line.from(1);
        if (conditions.isEmpty() || (conditions.contains("none") && conditions.size() > 1)) {
            throw new MalformedLineException(conditions.isEmpty() ? "no condition" : "none and others", FORMS);
        }
        Set<Failure> failures = EnumSet.noneOf(Failure.class);
        Set<Integer> statuses = new HashSet<>();
        for (String condition : conditions) {
            add(condition, failures, statuses);
        }
        if (conditions.stream()
                .anyMatch(condition ->
                        !List.of("none", "conn-failure", "0rtt-rejected").contains(condition))) {
            line.warning(problems, "applies to idempotent requests only: others are never sent twice");
        }
        return new RetryRules(failures, statuses, RetryRules.DEFAULT.bodyBytes());
    }

    private static void add(String condition, Set<Failure> failures, Set<Integer> statuses)
            throws MalformedLineException {
        switch (condition) {
            // There is no early data of TLS that could be rejected.
            case "none", "0rtt-rejected" -> {}
            case "conn-failure" -> failures.addAll(Set.of(Failure.CONNECT_FAILED, Failure.CONNECT_TIMEOUT));
            case "empty-response" -> failures.add(Failure.UPSTREAM_CLOSED);
            case "junk-response" -> failures.add(Failure.MALFORMED_RESPONSE);
            case "response-timeout" -> failures.add(Failure.RESPONSE_TIMEOUT);
            case "all-retryable-errors" -> {
                failures.addAll(RetryRules.REPEATABLE);
                statuses.addAll(Set.of(500, 502, 503, 504));
            }
            default -> {
                if (!condition.matches("[45]\\d\\d")) {
                    throw new MalformedLineException("`" + condition + "` is not a condition", FORMS);
                }
                statuses.add(Integer.valueOf(condition));
            }
        }
    }
}

package io.myelin.health;

import java.time.Duration;

/**
 * One question that an instance of this host must answer well before it is announced.
 *
 * @param name what people call it, such as {@code http-10.0.0.1:8080/health}
 * @param question what is asked
 * @param host where, an IP literal or a host name
 * @param port where, 1..65535
 * @param connectTimeout how long the connection may take
 * @param answerTimeout how long the answer may take after that
 * @param rise successes in a row that make a failing instance pass, at least 1
 * @param fall failures in a row that make a passing instance fail, at least 1; the very first result decides alone
 */
public record LocalCheck(
        String name,
        Question question,
        String host,
        int port,
        Duration connectTimeout,
        Duration answerTimeout,
        int rise,
        int fall) {
    public LocalCheck {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: blank (expected: an address or a host name)");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
        if (rise < 1 || fall < 1) {
            throw new IllegalArgumentException("rise: " + rise + ", fall: " + fall + " (expected: >= 1)");
        }
        if (!isPositive(connectTimeout) || !isPositive(answerTimeout)) {
            throw new IllegalArgumentException(
                    "timeout: " + connectTimeout + ", " + answerTimeout + " (expected: more than 0)");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }
}

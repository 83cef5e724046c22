package io.myelin.health.lifecycle;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One probe of an instance. Thresholds act on the N-th result in a row, as in Kubernetes.
 *
 * @param way what is asked
 * @param initialDelay from the start of the instance to the first probe
 * @param period from the end of one probe to the start of the next, more than 0
 * @param timeout of one probe, from the connection to the last byte of the answer, more than 0
 * @param successThreshold successes in a row that count, at least 1; 1 for liveness
 * @param failureThreshold failures in a row that count, at least 1
 */
public record ProbeConfig(
        Way way, Duration initialDelay, Duration period, Duration timeout, int successThreshold, int failureThreshold) {
    /** Tye's default of {@code initialDelay}. */
    public static final Duration DEFAULT_INITIAL_DELAY = Duration.ZERO;
    /** Tye's default of {@code period}. */
    public static final Duration DEFAULT_PERIOD = Duration.ofSeconds(1);
    /** Tye's default of {@code timeout}. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    /** Tye's default of {@code successThreshold}. */
    public static final int DEFAULT_SUCCESS_THRESHOLD = 1;
    /** Tye's default of {@code failureThreshold}. */
    public static final int DEFAULT_FAILURE_THRESHOLD = 3;

    public ProbeConfig {
        if (initialDelay.isNegative()) {
            throw new IllegalArgumentException("initial delay: " + initialDelay + " (expected: >= 0)");
        }
        requirePositive("period", period);
        requirePositive("timeout", timeout);
        if (successThreshold < 1 || failureThreshold < 1) {
            throw new IllegalArgumentException(
                    "thresholds: " + successThreshold + ", " + failureThreshold + " (expected: >= 1)");
        }
    }

    /** Returns such a probe with every default. */
    public static ProbeConfig of(Way way) {
        return new ProbeConfig(
                way,
                DEFAULT_INITIAL_DELAY,
                DEFAULT_PERIOD,
                DEFAULT_TIMEOUT,
                DEFAULT_SUCCESS_THRESHOLD,
                DEFAULT_FAILURE_THRESHOLD);
    }

    /** What is asked. */
    public sealed interface Way {}

    /**
     * A GET, which succeeds with a status of 200..299; redirects are not followed.
     *
     * @param path the request target, which begins with a slash
     * @param port the external port of the binding that is asked, {@code null} for any
     * @param protocol the protocol of the binding that is asked, {@code http} or {@code https}, empty for any of both
     * @param headers complete lines {@code Name: value}, without line ends
     * @param verify whether the certificate must be valid when the protocol is https
     */
    public record Http(String path, @Nullable Integer port, String protocol, List<String> headers, boolean verify)
            implements Way {
        public Http {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path: " + path + " (expected: one that begins with /)");
            }
            headers = List.copyOf(headers);
        }
    }

    /**
     * A connection.
     *
     * @param port the external port of the binding that is asked, {@code null} for any
     */
    public record Tcp(@Nullable Integer port) implements Way {}

    /**
     * {@code grpc.health.v1.Health/Check}, which succeeds with {@code SERVING}.
     *
     * @param service asked for, empty for the server as a whole
     * @param port the external port of the binding that is asked, {@code null} for any
     * @param protocol {@code https} for TLS, {@code http} for plain text, empty for what the binding's protocol says
     * @param verify whether the certificate must be valid when it is TLS
     */
    public record Grpc(String service, @Nullable Integer port, String protocol, boolean verify) implements Way {
        /** Asks as the binding's protocol says, and wants valid certificates. */
        public Grpc(String service, @Nullable Integer port) {
            this(service, port, "", true);
        }
    }

    /**
     * A program, which succeeds with the exit code 0.
     *
     * @param command the program and its arguments
     */
    public record Exec(List<String> command) implements Way {
        public Exec {
            command = List.copyOf(command);
            if (command.isEmpty() || command.get(0).isBlank()) {
                throw new IllegalArgumentException("command: " + command + " (expected: a program and its arguments)");
            }
        }
    }

    private static void requirePositive(String key, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: > 0)");
        }
    }
}

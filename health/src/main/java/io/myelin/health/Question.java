package io.myelin.health;

import io.myelin.health.CheckConfig.HttpCheck;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is asked of an instance of this host. */
public sealed interface Question {
    /** Nothing: it always passes. */
    record Nothing() implements Question {}

    /** What can be asked within one limit for everything. */
    sealed interface Within extends Question {}

    /** To take a connection. */
    record Tcp() implements Within {}

    /**
     * To answer a request.
     *
     * @param request the request and the expectation
     * @param tls whether it is asked over TLS
     * @param verify whether its certificate must then be valid
     * @param handshakeTimeout how long the TLS handshake may take, {@code null} if it shares the time of the answer
     */
    record Http(
            HttpCheck request,
            boolean tls,
            boolean verify,
            @Nullable Duration handshakeTimeout) implements Within {
        /** Asks in the clear. */
        public Http(HttpCheck request) {
            this(request, false, false, null);
        }

        public Http(HttpCheck request, boolean tls, boolean verify) {
            this(request, tls, verify, null);
        }

        /**
         * Asks over TLS, and in the clear if {@code handshakeTimeout} is {@code null}. The certificate is not verified,
         * as with Nerve: what is asked is whether it works and not who it is.
         */
        public Http(HttpCheck request, @Nullable Duration handshakeTimeout) {
            this(request, handshakeTimeout != null, false, handshakeTimeout);
        }

        public Http {
            if (handshakeTimeout != null && (handshakeTimeout.isZero() || handshakeTimeout.isNegative())) {
                throw new IllegalArgumentException("ssl_timeout: " + handshakeTimeout + " (expected: more than 0)");
            }
        }
    }

    /** To answer PING and EXISTS in Redis's protocol. */
    record Redis() implements Question {}

    /**
     * To take a message into a queue called {@code nerve} and give it back, over AMQP 0-9-1.
     *
     * @param username of an account that may declare the queue
     * @param password of that account
     */
    record RabbitMq(String username, String password) implements Question {
        /** Leaves the password out. */
        @Override
        public String toString() {
            return "RabbitMq[username=" + username + "]";
        }
    }
}

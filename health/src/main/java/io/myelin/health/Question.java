package io.myelin.health;

import io.myelin.health.CheckConfig.HttpCheck;

/** What is asked of an instance of this host. */
public sealed interface Question {
    /** Nothing: it always passes. */
    record Nothing() implements Question {}

    /** To take a connection. */
    record Tcp() implements Question {}

    /**
     * To answer a request.
     *
     * @param request the request and the expectation
     * @param tls whether it is asked over TLS; the certificate is not verified, as with Nerve, since what is asked is
     *     whether the instance works and not who it is
     */
    record Http(HttpCheck request, boolean tls) implements Question {}

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

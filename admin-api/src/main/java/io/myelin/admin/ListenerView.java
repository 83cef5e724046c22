package io.myelin.admin;

import io.myelin.server.ListenerStatus;
import org.jspecify.annotations.Nullable;

/**
 * One address of one listener, as JSON.
 *
 * @param address as configured
 * @param port the port that it listens on, {@code null} if it does not or if the address is the path of a Unix socket
 * @param maxConnections how many client connections may be open at once, {@code null} for any number
 * @param waitingConnections how many are accepted and wait for others to end; while any do, accepting is paused
 * @param waitedConnections how many had to wait so far
 * @param tls how TLS stands there, {@code null} for plain text
 */
record ListenerView(
        String listener,
        String address,
        @Nullable Integer port,
        String protocol,
        boolean listening,
        long openConnections,
        long acceptedConnections,
        @Nullable Integer maxConnections,
        long waitingConnections,
        long waitedConnections,
        @Nullable TlsView tls,
        @Nullable String error) {
    static ListenerView of(ListenerStatus status) {
        boolean listening = status.error() == null && status.listening();
        return new ListenerView(
                status.listener(),
                status.configured().toString(),
                listening && !status.configured().unix() ? status.boundPort() : null,
                Json.name(status.protocol()),
                listening,
                status.openConnections(),
                status.acceptedConnections(),
                status.room().limit() == 0 ? null : status.room().limit(),
                status.room().waiting(),
                status.room().waited(),
                TlsView.of(status.tls()),
                status.error());
    }
}

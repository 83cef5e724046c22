package io.myelin.server;

import io.myelin.model.Protocol;
import io.myelin.tls.TlsStatus;
import org.jspecify.annotations.Nullable;

/**
 * What became of one address of one listener.
 *
 * @param listener the listener's name
 * @param configured the address that was asked for
 * @param listening whether it does
 * @param boundPort the port it listens on, 0 if it does not or has none
 * @param protocol what it speaks
 * @param openConnections client connections open now
 * @param acceptedConnections client connections since the listener was bound
 * @param room how many connections the listener, at all of its addresses, has room for
 * @param tls how TLS stands at this address, {@code null} if there is none
 * @param error why it does not listen, {@code null} if it does
 */
public record ListenerStatus(
        String listener,
        BindAddress configured,
        boolean listening,
        int boundPort,
        Protocol protocol,
        long openConnections,
        long acceptedConnections,
        ConnectionRoom room,
        @Nullable TlsStatus tls,
        @Nullable String error) {
    /** Creates the status of a listener that has room for everybody. */
    public ListenerStatus(
            String listener,
            BindAddress configured,
            boolean listening,
            int boundPort,
            Protocol protocol,
            long openConnections,
            long acceptedConnections,
            @Nullable String error) {
        this(
                listener,
                configured,
                listening,
                boundPort,
                protocol,
                openConnections,
                acceptedConnections,
                ConnectionRoom.UNLIMITED,
                null,
                error);
    }
}

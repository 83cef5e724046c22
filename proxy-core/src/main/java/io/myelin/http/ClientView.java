package io.myelin.http;

import io.myelin.net.Peer;
import io.myelin.route.RequestView;
import io.myelin.route.TlsView;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What conditions may ask about a message of a client's connection: among others, about the ends of that. */
interface ClientView extends RequestView {
    /** Returns the client's connection, {@code null} while it is not known. */
    @Nullable
    ClientConnection client();

    @Override
    default @Nullable InetAddress source() {
        ClientConnection from = client();
        return from == null ? null : Peer.ip(from.peer());
    }

    @Override
    default int sourcePort() {
        ClientConnection from = client();
        return from == null ? 0 : Peer.port(from.peer());
    }

    @Override
    default @Nullable InetAddress destination() {
        ClientConnection from = client();
        return from == null ? null : Peer.ip(from.local());
    }

    @Override
    default int destinationPort() {
        ClientConnection from = client();
        return from == null ? 0 : Peer.port(from.local());
    }

    @Override
    default boolean encrypted() {
        ClientConnection from = client();
        return from != null && from.encrypted();
    }

    @Override
    default @Nullable TlsView tls() {
        ClientConnection from = client();
        return from == null ? null : from.tls();
    }
}

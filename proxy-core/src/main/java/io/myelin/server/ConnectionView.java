package io.myelin.server;

import io.myelin.net.ConnectionEnds;
import io.myelin.route.RequestView;
import io.myelin.route.TlsView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection that no request is seen of, as conditions ask about it.
 *
 * @param ends of the client's connection
 * @param tls what it agreed on in its handshake, {@code null} if it is not encrypted
 */
record ConnectionView(ConnectionEnds ends, @Nullable TlsView tls) implements RequestView {
    @Override
    public String host() {
        return "";
    }

    @Override
    public String path() {
        return "";
    }

    @Override
    public String method() {
        return "";
    }

    @Override
    public @Nullable InetAddress source() {
        return ConnectionEnds.ipOf(ends.peer());
    }

    @Override
    public int sourcePort() {
        return portOf(ends.peer());
    }

    @Override
    public @Nullable InetAddress destination() {
        return ConnectionEnds.ipOf(ends.local());
    }

    @Override
    public int destinationPort() {
        return portOf(ends.local());
    }

    @Override
    public boolean encrypted() {
        return tls != null;
    }

    private static int portOf(SocketAddress end) {
        return end instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }
}

package io.myelin.httpd;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The two ends of an operator's connection.
 *
 * @param local where it arrived
 * @param remote where it comes from
 */
public record Ends(SocketAddress local, SocketAddress remote) {
    /** Returns whether the client is a process of this host. */
    public boolean withinHost() {
        return !(remote instanceof InetSocketAddress address)
                || address.getAddress().isLoopbackAddress();
    }
}

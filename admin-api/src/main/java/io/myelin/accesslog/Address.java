package io.myelin.accesslog;

import io.myelin.net.Peer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Both halves of an address as they are written in logs. */
final class Address {
    private Address() {}

    /** Returns the address without its port; of a socket that is not of IP, {@code unix}. */
    static String host(SocketAddress address) {
        return address instanceof InetSocketAddress ? Peer.host(address) : "unix";
    }

    /** Returns the port, 0 for a socket that has none. */
    static int port(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }
}

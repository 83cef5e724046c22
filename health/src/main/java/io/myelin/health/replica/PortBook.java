package io.myelin.health.replica;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** The ports of loopback that replicas were given. */
@OwnedBy(Owner.REPLICAS)
final class PortBook {
    private final Set<Integer> given = new HashSet<>();

    /** Returns one that the operating system chooses and that no other replica has. */
    int take() throws IOException {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (given.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            }
        }
    }

    /** Returns {@code port} if nobody listens on it, else another one. */
    int keep(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            int other = take();
            give(port);
            return other;
        }
    }

    /** Takes a port back. */
    void give(int port) {
        given.remove(port);
    }
}

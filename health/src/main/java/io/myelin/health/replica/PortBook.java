package io.myelin.health.replica;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/**
 * The ports of loopback that replicas were given.
 *
 * <p>They lie below those that operating systems give away by themselves, as long as there is one: a replica listens a
 * while after it was told its port, and until then any connection that somebody opens might come by that port.
 */
@OwnedBy(Owner.REPLICAS)
final class PortBook {
    static final int LOWEST = 10_000;
    static final int HIGHEST = 32_000;
    private static final int MOST_TRIES = 200;

    private final RandomSource random;
    private final Set<Integer> given = new HashSet<>();

    PortBook(RandomSource random) {
        this.random = random;
    }

    /** Returns one that nobody listens on and that no other replica has. */
    int take() throws IOException {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int wanted = LOWEST + random.below(HIGHEST - LOWEST);
            if (!given.contains(wanted) && free(wanted)) {
                given.add(wanted);
                return wanted;
            }
        }
        return takeAny();
    }

    private int takeAny() throws IOException {
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
        if (free(port)) {
            return port;
        }
        int other = take();
        give(port);
        return other;
    }

    /** Takes a port back. */
    void give(int port) {
        given.remove(port);
    }

    private static boolean free(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        }
    }
}

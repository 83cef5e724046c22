package io.myelin.launcher.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Hands out ports that nobody on this host listens on, each once. Used by one thread. */
final class FreePorts {
    private static final int TRIES = 200;

    private final Set<Integer> given = new HashSet<>();

    /** Returns {@code wanted}, or the next one above it that is free. */
    int from(int wanted) throws IOException {
        for (int port = wanted; port < wanted + TRIES; port++) {
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
        throw new IOException("ports " + wanted + ".." + (wanted + TRIES - 1) + ": all taken (expected: a free one)");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException ignored) {
            // Taken: exactly what was asked.
            return false;
        }
    }
}

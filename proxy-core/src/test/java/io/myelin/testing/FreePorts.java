package io.myelin.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of loopback for those who cannot choose one as they bind it. */
public final class FreePorts {
    /*
     * They lie below those that systems give away by themselves, so that no other socket gets one before it is bound,
     * and are chosen at random, so that JVMs that run tests at the same time do not choose the same.
     */
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final int MOST_TRIES = 1_000;

    private FreePorts() {}

    /** Returns a port that nobody listens on. */
    public static int one() {
        try {
            return some(1).get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns different ports that nobody listens on. */
    public static List<Integer> some(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int tries = 0; held.size() < count && tries < MOST_TRIES; tries++) {
                hold(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST), held);
            }
            if (held.size() < count) {
                throw new AssertionError(count + " free ports were not found in " + MOST_TRIES + " tries");
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static void hold(int port, List<ServerSocket> held) throws IOException {
        try {
            held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (BindException ignored) {
            // It is taken, and there are many others.
        }
    }
}

package io.myelin.discovery.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A way to a loopback port that can be cut and mended, frozen and thawed, so that one client alone loses its server.
 */
public final class Relay implements AutoCloseable {
    private static final long PAUSE_NANOS = 1_000_000;

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile boolean frozen;

    /** Creates a relay to {@code connectString}, a {@code host:port} on this machine. */
    public Relay(String connectString) {
        target = Integer.parseInt(connectString.substring(connectString.indexOf(':') + 1));
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    public String connectString() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Closes every connection, and every new one at once. */
    public void cut() {
        cut = true;
        sockets.forEach(Relay::closeQuietly);
    }

    public void mend() {
        cut = false;
    }

    /** Keeps every connection, and what is sent from now on back, until it thaws. */
    public void freeze() {
        frozen = true;
    }

    /** Goes on with what was kept back. */
    public void thaw() {
        frozen = false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (cut) {
                    closeQuietly(client);
                    continue;
                }
                sockets.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(server);
                // Who cuts from here on finds both; who has cut before must not see anything get through.
                if (cut) {
                    closeQuietly(client);
                    closeQuietly(server);
                    sockets.removeAll(List.of(client, server));
                } else {
                    daemon(() -> copy(client, server));
                    daemon(() -> copy(server, client));
                }
            } catch (IOException ignored) {
                // Either the listener was closed, or the client will find out that there is no server.
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            byte[] bytes = new byte[8_192];
            for (int read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                while (frozen && !from.isClosed()) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                to.getOutputStream().write(bytes, 0, read);
            }
        } catch (IOException ignored) {
            // A cut connection is what this class is for.
        } finally {
            sockets.remove(from);
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
    }
}

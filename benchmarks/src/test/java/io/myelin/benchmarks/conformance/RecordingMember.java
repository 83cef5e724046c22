package io.myelin.benchmarks.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** A server that keeps its connections, answers what it takes for requests, and remembers what arrived on each. */
final class RecordingMember implements AutoCloseable {
    private final ServerSocket server = listen();
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final AtomicLong accepted = new AtomicLong();

    RecordingMember(Executor threads) {
        threads.execute(() -> acceptAll(threads));
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Returns whether all the connections that the proxy made are here, and none is in the middle of a request. */
    boolean settled(long made) {
        return accepted.get() == made && connections.stream().allMatch(Connection::settled);
    }

    /** Returns what has arrived on each connection since it was asked last, and forgets it. */
    List<String> take() {
        List<String> streams = new ArrayList<>();
        for (Connection connection : connections) {
            String arrived = connection.take();
            if (!arrived.isEmpty()) {
                streams.add(arrived);
            }
        }
        connections.removeIf(Connection::ended);
        return streams;
    }

    private void acceptAll(Executor threads) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Connection connection = new Connection(socket);
                connections.add(connection);
                accepted.incrementAndGet();
                threads.execute(connection::serve);
            } catch (IOException | RejectedExecutionException ignored) {
                // The test is over.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Connection connection : connections) {
            connection.socket.close();
        }
    }

    private static final class Connection {
        private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1);

        private final Object lock = new Object();
        private final Socket socket;

        @GuardedBy("lock")
        private final StringBuilder arrived = new StringBuilder();

        @GuardedBy("lock")
        private int answered;

        @GuardedBy("lock")
        private boolean ended;

        Connection(Socket socket) {
            this.socket = socket;
        }

        void serve() {
            byte[] buffer = new byte[16 * 1024];
            try (socket) {
                for (int length = socket.getInputStream().read(buffer);
                        length >= 0;
                        length = socket.getInputStream().read(buffer)) {
                    int due = add(new String(buffer, 0, length, ISO_8859_1));
                    for (int i = 0; i < due; i++) {
                        socket.getOutputStream().write(ANSWER);
                    }
                }
            } catch (IOException ignored) {
                // The proxy gave the connection up, which ends what arrives.
            }
            synchronized (lock) {
                ended = true;
            }
        }

        /** Returns how many answers are due. */
        private int add(String text) {
            synchronized (lock) {
                arrived.append(text);
                int complete =
                        RequestReader.PLAIN.read(arrived.toString()).complete().size();
                int due = complete - answered;
                answered = complete;
                return due;
            }
        }

        boolean settled() {
            synchronized (lock) {
                return ended
                        || RequestReader.PLAIN.read(arrived.toString()).complete().stream()
                                        .mapToInt(request -> request.text().length())
                                        .sum()
                                == arrived.length();
            }
        }

        boolean ended() {
            synchronized (lock) {
                return ended;
            }
        }

        String take() {
            synchronized (lock) {
                String taken = arrived.toString();
                arrived.setLength(0);
                answered = 0;
                return taken;
            }
        }
    }
}

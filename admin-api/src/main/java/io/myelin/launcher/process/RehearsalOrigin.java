package io.myelin.launcher.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The member of a {@link Rehearsal}: answers every request head on loopback with a few bytes. */
final class RehearsalOrigin implements AutoCloseable {
    private static final int BACKLOG = 64;
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n".getBytes(US_ASCII);

    private final ServerSocket server;

    /** Listens at a free port. */
    RehearsalOrigin() throws IOException {
        server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        start(this::acceptAll);
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = server.accept();
                start(() -> answer(socket));
            }
        } catch (IOException ignored) {
            // closed: the rehearsal is over
        }
    }

    private static void answer(Socket socket) {
        try (socket;
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
                OutputStream out = socket.getOutputStream()) {
            boolean last = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                last |= line.equals("Connection: close");
                if (line.isEmpty()) {
                    out.write(ANSWER);
                    if (last) {
                        return;
                    }
                }
            }
        } catch (IOException ignored) {
            // the proxy hung up, as it may
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "rehearsal-origin");
        thread.setDaemon(true);
        thread.start();
    }
}

package io.myelin.benchmarks.footprint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Clients that asked once and keep their connections. */
final class IdleClients implements AutoCloseable {
    private static final byte[] REQUEST = "GET /small HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    private static final int PATIENCE_MILLIS = 10_000;

    private final List<Socket> sockets = new ArrayList<>();

    /**
     * Opens {@code count} connections, to {@code ports} in turn.
     *
     * @throws IOException if one cannot be opened or is not answered with 200
     */
    static IdleClients open(List<Integer> ports, int count) throws IOException {
        IdleClients clients = new IdleClients();
        try {
            for (int client = 0; client < count; client++) {
                clients.open(ports.get(client % ports.size()));
            }
            return clients;
        } catch (IOException e) {
            int open = clients.sockets.size();
            clients.close();
            throw new IOException("connection " + open + " of " + count + ": " + e.getMessage(), e);
        }
    }

    /** Returns how many connections are open. */
    int count() {
        return sockets.size();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write(REQUEST);
        String answer = readAnswer(socket.getInputStream());
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("answered with " + answer.lines().findFirst().orElse("nothing"));
        }
    }

    /** Reads up to the end of a body of the size that the origin sends. */
    private static String readAnswer(InputStream in) throws IOException {
        byte[] buffer = new byte[4_096];
        StringBuilder answer = new StringBuilder();
        int read = in.read(buffer);
        while (read > 0) {
            answer.append(new String(buffer, 0, read, US_ASCII));
            int end = answer.indexOf("\r\n\r\n");
            if (end >= 0 && answer.length() > end + 4) {
                return answer.toString();
            }
            read = in.read(buffer);
        }
        return answer.toString();
    }
}

package io.myelin.accesslog;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A datagram socket of the file system, such as {@code /dev/log}; one that is full loses the line. */
final class DomainOutput implements Output {
    private static final int MOST_BYTES = 65_535;

    private final Socket socket;
    private final byte[] path;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_BYTES);

    /**
     * Opens a socket to send from.
     *
     * @throws IOException if this system has no such sockets
     */
    DomainOutput(String path) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException(
                    "datagram sockets of the file system need Linux and epoll: " + Epoll.unavailabilityCause());
        }
        this.socket = Socket.newSocketDomainDgram();
        this.path = path.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void write(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        buffer.clear();
        buffer.put(bytes, 0, Math.min(bytes.length, MOST_BYTES));
        if (socket.sendToDomainSocket(buffer, 0, buffer.position(), path) < 0) {
            throw new IOException("its queue is full");
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // Nothing is lost: a datagram has left or it has not.
        }
    }
}

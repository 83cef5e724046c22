package io.myelin.accesslog;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** A syslog server that takes one datagram a line (RFC 5426). */
final class DatagramOutput implements Output {
    private final DatagramSocket socket = new DatagramSocket();
    private final InetAddress address;
    private final int port;

    /**
     * Opens a socket to send from.
     *
     * @throws IOException if the host is not known, or there is no socket
     */
    DatagramOutput(String host, int port) throws IOException {
        try {
            this.address = InetAddress.getByName(host);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        this.port = port;
    }

    @Override
    public void write(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        socket.send(new DatagramPacket(bytes, bytes.length, address, port));
    }

    @Override
    public void close() {
        socket.close();
    }
}

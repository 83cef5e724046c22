package io.myelin.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** One end of a connection over a Unix socket. Its reads wait as long as the test's own limit lets them. */
public final class UnixConnection implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;

    UnixConnection(SocketChannel channel) {
        this.channel = channel;
        this.in = Channels.newInputStream(channel);
    }

    /** Connects to the socket at {@code path}. */
    public static UnixConnection to(Path path) throws IOException {
        return new UnixConnection(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    }

    public UnixConnection send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /** Ends the sending side. */
    public UnixConnection endOutput() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /** Reads up to and including the empty line that ends a head; returns it, empty at the end of input. */
    public String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    /** Reads so many bytes, fewer at the end of the connection. */
    public String read(int length) throws IOException {
        return new String(in.readNBytes(length), ISO_8859_1);
    }

    /** Reads everything up to the end of the connection. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

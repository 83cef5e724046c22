package io.myelin.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/** A client that sends exactly the bytes it is told to and shows exactly those that come back. */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = socket.getInputStream();
    }

    /** Connects to a port of this machine; every read gives up after ten seconds. */
    public static RawClient to(int port) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Speaks through {@code socket}, which is connected. */
    public static RawClient over(Socket socket) throws IOException {
        return new RawClient(socket);
    }

    public Socket socket() {
        return socket;
    }

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Ends the sending side. */
    public RawClient endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads one response: its head, and its body as the head frames it, undone of the chunked coding. */
    public Response readResponse() throws IOException {
        return readResponse(true);
    }

    /** Reads a response to a HEAD request, or any other that has no body. */
    public Response readHeadOnly() throws IOException {
        return readResponse(false);
    }

    private Response readResponse(boolean withBody) throws IOException {
        String head = readHead();
        if (head.isEmpty()) {
            throw new IOException("connection ended before a response");
        }
        Response bare = new Response(head, "");
        if (!withBody || bare.status() < 200 || bare.status() == 204 || bare.status() == 304) {
            return bare;
        }
        if (bare.header("transfer-encoding").equalsIgnoreCase("chunked")) {
            return new Response(head, readChunks());
        }
        String length = bare.header("content-length");
        byte[] body = length.isEmpty() ? in.readAllBytes() : readExactly(Integer.parseInt(length));
        return new Response(head, new String(body, ISO_8859_1));
    }

    private byte[] readExactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String readChunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(readLine(), 16); size > 0; size = Integer.parseInt(readLine(), 16)) {
            body.write(readExactly(size));
            readLine();
        }
        readLine();
        return body.toString(ISO_8859_1);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("connection ended in a line");
            }
            line.append((char) b);
        }
        return line.substring(0, line.length() - 1);
    }

    private String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return head.toString();
            }
            head.append((char) b);
        }
        return head.toString();
    }

    /** Reads everything up to the end of the connection. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    /** Returns whether the connection has ended in order, waiting for the end if need be. */
    public boolean ended() throws IOException {
        return in.read() < 0;
    }

    /** Closes the connection before the test is over. */
    public void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /**
     * A response as it arrived.
     *
     * @param head status line and header lines, with the empty line
     * @param body without any coding
     */
    public record Response(String head, String body) {
        public int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        /** Returns the value of the first header of that name, empty if there is none. */
        public String header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            for (String line : head.lines().toList()) {
                if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    return line.substring(prefix.length()).trim();
                }
            }
            return "";
        }
    }
}

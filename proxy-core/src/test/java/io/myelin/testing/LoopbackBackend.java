package io.myelin.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of plain sockets on loopback whose every connection runs a script: the other end of the proxy. */
public final class LoopbackBackend implements AutoCloseable {
    private final ServerSocket server;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> arrivals = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Thread acceptor;

    /** What happens on one connection; it is closed afterwards. */
    @FunctionalInterface
    public interface Script {
        void run(Conversation conversation) throws IOException;
    }

    private LoopbackBackend(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
        this.acceptor = startThread("backend-accept", this::acceptAll);
    }

    /** Starts a server whose connections each run {@code script} on a thread of their own. */
    public static LoopbackBackend running(Script script) {
        return running(0, script);
    }

    /** Starts one at a given port, which must be free. */
    public static LoopbackBackend running(int port, Script script) {
        try {
            return running(new ServerSocket(), port, script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one whose connections come from {@code server}, which is not bound yet: one that speaks TLS, perhaps. */
    public static LoopbackBackend running(ServerSocket server, int port, Script script) {
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
            return new LoopbackBackend(server, script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an HTTP server that answers every request on every connection with 200 and {@code body}. */
    public static LoopbackBackend answering(String body) {
        return running(conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Returns how many connections were accepted. */
    public int connections() {
        return connections.get();
    }

    /** Returns the request heads received so far. */
    public List<String> received() {
        return List.copyOf(received);
    }

    /** Waits for the next request head that was not returned yet. */
    public String awaitRequest() throws InterruptedException {
        String request = arrivals.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request arrived within 10 s");
        }
        return request;
    }

    /** Stops listening and ends all connections; nobody is accepted afterwards, and the port is free. */
    @Override
    public void close() {
        closeQuietly(server);
        try {
            // As long as somebody is in accept(), the kernel goes on listening.
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.forEach(LoopbackBackend::closeQuietly);
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                startThread("backend", () -> converse(socket));
            } catch (IOException ignored) {
                // The test closed the server; there is nobody left to tell.
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            script.run(new Conversation(socket));
        } catch (IOException ignored) {
            // The proxy hung up, or the test is over: the test judges by what its client saw.
        } finally {
            open.remove(socket);
        }
    }

    private static Thread startThread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception ignored) {
            // Closing is all that was wanted.
        }
    }

    /** One connection as the script sees it. */
    public final class Conversation {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Conversation(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        public Socket socket() {
            return socket;
        }

        /** Reads one head and, if it declares a length, its body; returns the head, empty at the end of input. */
        public String readRequest() throws IOException {
            String head = readHead();
            if (!head.isEmpty()) {
                in.readNBytes(contentLength(head));
            }
            return head;
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
            received.add(head.toString());
            arrivals.add(head.toString());
            return head.toString();
        }

        public byte[] read(int length) throws IOException {
            return in.readNBytes(length);
        }

        public InputStream in() {
            return in;
        }

        public void write(String text) throws IOException {
            write(text.getBytes(ISO_8859_1));
        }

        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Closes with a reset instead of an orderly end. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        private static int contentLength(String head) {
            for (String line : head.lines().toList()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    return Integer.parseInt(line.substring(15).trim());
                }
            }
            return 0;
        }
    }
}

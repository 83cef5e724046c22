package io.myelin.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A server on a Unix socket whose every connection runs a script and is closed afterwards. */
public final class UnixBackend implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Thread acceptor;
    private final Script script;

    /** What happens on one connection. */
    @FunctionalInterface
    public interface Script {
        void run(UnixConnection connection) throws IOException;
    }

    private UnixBackend(ServerSocketChannel server, Script script) {
        this.server = server;
        this.script = script;
        this.acceptor = startThread("unix-accept", this::acceptAll);
    }

    /** Starts a server at {@code path}, where no file must be. */
    public static UnixBackend running(Path path, Script script) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            return new UnixBackend(server, script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an HTTP server that answers every request on every connection with 200 and the request's head. */
    public static UnixBackend echoingHeads(Path path) {
        return running(path, connection -> {
            for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head);
            }
        });
    }

    /** Stops listening and leaves the file behind, as a process does that is killed; nobody is accepted afterwards. */
    @Override
    public void close() throws IOException {
        server.close();
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                startThread("unix-backend", () -> converse(channel));
            } catch (IOException ignored) {
                // The test closed the server; there is nobody left to tell.
            }
        }
    }

    private void converse(SocketChannel channel) {
        try (UnixConnection connection = new UnixConnection(channel)) {
            script.run(connection);
        } catch (IOException ignored) {
            // The proxy hung up, or the test is over: the test judges by what its client saw.
        }
    }

    private static Thread startThread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}

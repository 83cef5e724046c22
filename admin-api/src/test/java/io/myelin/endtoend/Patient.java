package io.myelin.endtoend;

import io.myelin.testing.LoopbackBackend;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A member of a service whose health is what the test says, and that serves its name whatever its health. */
final class Patient implements AutoCloseable {
    static final String WELL = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
    static final String ILL = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";

    private final String name;
    private final AtomicReference<String> health = new AtomicReference<>(WELL);
    private final AtomicReference<LoopbackBackend> backend;
    private final int port;

    Patient(String name) {
        this.name = name;
        LoopbackBackend first = LoopbackBackend.running(this::serve);
        backend = new AtomicReference<>(first);
        port = first.port();
    }

    /** Sets the whole response to checks from now on. */
    void answerChecksWith(String response) {
        health.set(response);
    }

    /** Stops listening and breaks every connection, as a process that is killed. */
    void die() {
        backend.get().close();
    }

    /** Listens again where it did before. */
    void revive() {
        backend.set(LoopbackBackend.running(port, this::serve));
    }

    /** Returns how many checks arrived since it began to listen. */
    long checks() {
        return heads().stream().filter(head -> head.contains("/health")).count();
    }

    private List<String> heads() {
        return backend.get().received();
    }

    String name() {
        return name;
    }

    /** Returns it as an entry of {@code default_servers}. */
    String entry() {
        return "{name: %s, host: 127.0.0.1, port: %d}".formatted(name, port);
    }

    private void serve(LoopbackBackend.Conversation conversation) throws IOException {
        for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
            conversation.write(
                    head.contains("/health")
                            ? health.get()
                            : "HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
        }
    }

    @Override
    public void close() {
        die();
    }
}

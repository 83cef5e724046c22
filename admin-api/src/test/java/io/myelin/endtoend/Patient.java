package io.myelin.endtoend;

import io.myelin.testing.FreePorts;
import io.myelin.testing.Gate;
import io.myelin.testing.LoopbackBackend;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member of a service whose health is what the test says, and that serves its name whatever its health. */
final class Patient implements AutoCloseable {
    static final String WELL = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
    static final String ILL = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";

    private final String name;
    private volatile String health = WELL;
    private volatile @Nullable Gate gate;
    private volatile LoopbackBackend backend;
    private final int port;

    Patient(String name) {
        this.name = name;
        // One that nobody is given while it is dead.
        this.backend = LoopbackBackend.running(FreePorts.one(), this::serve);
        this.port = backend.port();
    }

    /** Sets the whole response to checks from now on. */
    void answerChecksWith(String response) {
        health = response;
    }

    /** Lets every check from the next one on wait to be let through before it is answered. */
    void holdChecks(Gate next) {
        gate = next;
    }

    /** Stops listening and breaks every connection, as a process that is killed. */
    void die() {
        backend.close();
    }

    /** Listens again where it did before. */
    void revive() {
        backend = LoopbackBackend.running(port, this::serve);
    }

    /** Returns how many checks arrived since it began to listen. */
    long checks() {
        return heads().stream().filter(head -> head.contains("/health")).count();
    }

    private List<String> heads() {
        return backend.received();
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
                            ? verdict()
                            : "HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
        }
    }

    /** A check that is not held was answered as things stood before checks were held. */
    private String verdict() {
        String before = health;
        Gate holding = gate;
        if (holding == null) {
            return before;
        }
        holding.pass();
        return health;
    }

    @Override
    public void close() {
        die();
    }
}

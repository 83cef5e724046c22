package io.myelin.discovery;

import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.SourceStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A sink that drops everything after it was closed, so that a closed watcher delivers nothing. Safe from any thread.
 */
public final class GatedSink implements EndpointSink, AutoCloseable {
    private final EndpointSink sink;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;

    public GatedSink(EndpointSink sink) {
        this.sink = sink;
    }

    @Override
    public void replace(EndpointSet endpoints) {
        unlessClosed(() -> sink.replace(endpoints));
    }

    @Override
    public void status(SourceStatus status) {
        unlessClosed(() -> sink.status(status));
    }

    @Override
    public void configure(String sections) {
        unlessClosed(() -> sink.configure(sections));
    }

    @Override
    public void resolve(Map<String, List<String>> addresses) {
        unlessClosed(() -> sink.resolve(addresses));
    }

    /** Drops what comes from now on; a delivery that is under way is over when this returns. */
    @Override
    public void close() {
        unlessClosed(() -> closed = true);
    }

    private void unlessClosed(Runnable step) {
        lock.lock();
        try {
            if (!closed) {
                step.run();
            }
        } finally {
            lock.unlock();
        }
    }
}

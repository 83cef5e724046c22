package io.myelin.endtoend;

import io.myelin.testing.RawClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Clients that each send one request after the other until told to stop. */
final class Load implements AutoCloseable {
    private final int port;
    private final boolean keepsConnections;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private final List<Thread> threads;
    private volatile boolean stopping;

    private Load(int port, int connections, boolean keepsConnections) {
        this.port = port;
        this.keepsConnections = keepsConnections;
        this.threads = IntStream.range(0, connections)
                .mapToObj(i -> new Thread(this::run, "load-" + i))
                .toList();
        threads.forEach(Thread::start);
    }

    static Load on(int port, int connections) {
        return new Load(port, connections, true);
    }

    /** The same with a connection for each request. */
    static Load ofShortConnections(int port, int clients) {
        return new Load(port, clients, false);
    }

    /** Returns how many requests were answered so far. */
    long requests() {
        return requests.get();
    }

    /** Returns how often each body was answered. */
    Map<String, AtomicLong> answers() {
        return answers;
    }

    /** Stops and returns what went wrong, one line per failed request. */
    List<String> stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join(10_000);
        }
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        stopping = true;
    }

    private void run() {
        while (!stopping) {
            try (RawClient client = RawClient.to(port)) {
                do {
                    client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
                    RawClient.Response response = client.readResponse();
                    if (response.status() == 200) {
                        requests.incrementAndGet();
                        answers.computeIfAbsent(response.body(), any -> new AtomicLong())
                                .incrementAndGet();
                    } else {
                        failures.add(response.head());
                    }
                } while (keepsConnections && !stopping);
            } catch (IOException e) {
                if (!stopping) {
                    failures.add(e.toString());
                }
            }
        }
    }
}

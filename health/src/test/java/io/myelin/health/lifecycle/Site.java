package io.myelin.health.lifecycle;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP server on loopback whose paths have switches; a path that was not switched answers 404. */
final class Site implements Closeable {
    /**
     * What a path answers.
     *
     * @param delay before the head
     * @param stalls whether the body never ends
     */
    private record Answer(int status, Duration delay, boolean stalls) {}

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<String> posted = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
    private final HttpServer server;

    Site() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void answer(String path, int status) {
        answers.put(path, new Answer(status, Duration.ZERO, false));
    }

    void answerAfter(String path, Duration delay) {
        answers.put(path, new Answer(200, delay, false));
    }

    /** From now on the path sends its head and the beginning of its body, and nothing more. */
    void stall(String path) {
        answers.put(path, new Answer(200, Duration.ZERO, true));
    }

    /** Returns how often the path was asked. */
    int asked(String path) {
        return asked.getOrDefault(path, 0);
    }

    /** Returns the values of {@code X-A} that came, in order. */
    List<String> seen() {
        return seen;
    }

    /** Returns the bodies of the POST requests that came, in order. */
    List<String> posted() {
        return posted;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        }
        String path = exchange.getRequestURI().getPath();
        String field = exchange.getRequestHeaders().getFirst("X-A");
        if (field != null) {
            seen.add(field);
        }
        asked.merge(path, 1, Integer::sum);
        @Nullable Answer answer = answers.get(path);
        if (answer == null) {
            send(exchange, new Answer(404, Duration.ZERO, false));
        } else if (answer.delay().isZero()) {
            send(exchange, answer);
        } else {
            threads.schedule(() -> send(exchange, answer), answer.delay().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) {
        try {
            exchange.sendResponseHeaders(answer.status(), answer.status() == 204 ? -1 : 8);
            if (answer.status() != 204) {
                exchange.getResponseBody().write(new byte[answer.stalls() ? 4 : 8]);
                exchange.getResponseBody().flush();
            }
            if (!answer.stalls()) {
                exchange.close();
            }
        } catch (IOException e) {
            // A probe that does not wait any longer closes its connection.
            exchange.close();
        }
    }
}

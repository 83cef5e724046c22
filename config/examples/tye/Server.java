import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A program whose liveness and readiness can be switched: run by {@code java Server.java}, it needs a JDK only. What it
 * prints is what its service's log shows.
 */
public final class Server {
    private static volatile long deadUntil;
    private static volatile long busyUntil;

    private Server() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8081"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 128);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", Server::hello);
        server.createContext("/lively", exchange -> state(exchange, deadUntil));
        server.createContext("/ready", exchange -> state(exchange, busyUntil));
        server.createContext("/set", Server::set);
        server.start();
        System.out.println("Listening on port " + port);
    }

    private static String name() {
        return System.getenv().getOrDefault("APP_INSTANCE", "somebody");
    }

    private static void hello(HttpExchange exchange) throws IOException {
        answer(exchange, 200, "Hello from " + name());
    }

    private static void state(HttpExchange exchange, long failsUntil) throws IOException {
        boolean fails = System.currentTimeMillis() < failsUntil;
        answer(exchange, fails ? 500 : 200, fails ? "no" : "yes");
    }

    /** Takes {@code ready=false&for=SECONDS} or {@code alive=false}; without {@code for} it holds for good. */
    private static void set(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        long until = Long.MAX_VALUE;
        for (String part : query.split("&")) {
            if (part.matches("for=\\d{1,6}")) {
                until = System.currentTimeMillis() + 1000 * Long.parseLong(part.substring("for=".length()));
            }
        }
        if (query.contains("ready=")) {
            busyUntil = query.contains("ready=false") ? until : 0;
        }
        if (query.contains("alive=")) {
            deadUntil = query.contains("alive=false") ? until : 0;
        }
        System.out.println("Set: " + query);
        answer(exchange, 200, name() + ": " + query);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}

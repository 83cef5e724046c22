package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A replica whose health can be switched, for tests. It needs the JDK alone, so that it starts fast as a process.
 *
 * <p>It answers {@code /} with its name, {@code /echo} with the request as it came, {@code /env} with its environment,
 * {@code /lively} and {@code /ready} with the status that {@code /set?liveness=N&readiness=N} gave them (200 at first)
 * after {@code delay} milliseconds, {@code /count} with how many probes came, {@code /requests} with how many requests
 * came, this one included, {@code /slow?millis=N} after that time, and {@code /ws} with a WebSocket that sends back
 * what it gets. Anything else on the connection's first bytes than an HTTP request is sent back as it comes.
 *
 * <p>As a program it listens on the ports in {@code PORT}, which semicolons separate. The argument {@code ignore-term}
 * makes it survive SIGTERM and SIGINT, {@code fork} start a child that outlives it, {@code flood} write to its output
 * without end, {@code deaf} listen nowhere, {@code exit=N} end at once, {@code liveness=N} and {@code readiness=N}
 * begin with that status.
 */
public final class SwitchableServer implements AutoCloseable {
    private static final String WEB_SOCKET_KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final Set<String> METHODS =
            Set.of("GET ", "POST", "PUT ", "HEAD", "DELE", "OPTI", "PATC", "TRAC", "CONN");

    private final String name;
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger liveness = new AtomicInteger(200);
    private final AtomicInteger readiness = new AtomicInteger(200);
    private final AtomicLong delayMillis = new AtomicLong();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

    /**
     * Starts a server.
     *
     * @param name what it answers with
     * @param ports of the loopback interface; 0 lets the operating system choose
     */
    public SwitchableServer(String name, int... ports) throws IOException {
        this.name = name;
        for (int port : ports) {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
            listeners.add(listener);
            start("accept-" + name, () -> accept(listener));
        }
    }

    /** Runs a replica until it is stopped. */
    @SuppressWarnings("SystemOut") // a replica speaks to whoever captures its output
    public static void main(String[] args) throws IOException, InterruptedException {
        Set<String> wishes = Set.of(args);
        for (String wish : wishes) {
            if (wish.startsWith("exit=")) {
                System.out.println("exiting with " + wish.substring("exit=".length()));
                System.exit(Integer.parseInt(wish.substring("exit=".length())));
            }
        }
        if (wishes.contains("ignore-term")) {
            Runtime.getRuntime().addShutdownHook(new Thread(SwitchableServer::sleepForever));
        }
        if (wishes.contains("fork")) {
            Process child = new ProcessBuilder("sleep", "300").start();
            System.out.println("child " + child.pid());
        }
        String name = System.getenv().getOrDefault("APP_INSTANCE", "unnamed");
        if (!wishes.contains("deaf")) {
            String[] ports = System.getenv().getOrDefault("PORT", "0").split(";", -1);
            int[] numbers = new int[ports.length];
            for (int i = 0; i < ports.length; i++) {
                numbers[i] = Integer.parseInt(ports[i]);
            }
            SwitchableServer server = new SwitchableServer(name, numbers);
            server.begin(args);
            System.out.println(name + " listens on " + server.port());
        }
        System.err.println(name + " started");
        while (wishes.contains("flood")) {
            System.out.print("flood ".repeat(1_000));
        }
        Thread.currentThread().join();
    }

    private void begin(String... wishes) {
        for (String wish : wishes) {
            if (wish.startsWith("liveness=")) {
                liveness.set(Integer.parseInt(wish.substring("liveness=".length())));
            } else if (wish.startsWith("readiness=")) {
                readiness.set(Integer.parseInt(wish.substring("readiness=".length())));
            }
        }
    }

    /** Returns the first port. */
    public int port() {
        return port(0);
    }

    public int port(int index) {
        return listeners.get(index).getLocalPort();
    }

    /** Gives {@code /lively} another status. */
    public void liveness(int status) {
        liveness.set(status);
    }

    /** Gives {@code /ready} another status. */
    public void readiness(int status) {
        readiness.set(status);
    }

    /** Lets probes wait that long for their answer. */
    public void delay(long millis) {
        delayMillis.set(millis);
    }

    /** Returns how many requests for that path came. */
    public int count(String path) {
        AtomicInteger count = counts.get(path);
        return count == null ? 0 : count.get();
    }

    /** Returns how many connections are open. */
    public int connections() {
        return connections.size();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private static void start(String threadName, Runnable task) {
        Thread thread = new Thread(task, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns never. */
    private static void sleepForever() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                connections.add(connection);
                start("serve-" + name, () -> serve(connection));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            BufferedInputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            if (speaksHttp(in)) {
                while (answer(Request.read(in), in, out)) {
                    out.flush();
                }
            } else {
                echo(in, out);
            }
            out.flush();
        } catch (IOException gone) {
            counts.computeIfAbsent("broken connections", key -> new AtomicInteger())
                    .incrementAndGet();
        } finally {
            connections.remove(connection);
        }
    }

    private static boolean speaksHttp(BufferedInputStream in) throws IOException {
        in.mark(4);
        byte[] first = in.readNBytes(4);
        in.reset();
        return METHODS.contains(new String(first, ISO_8859_1));
    }

    private static void echo(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8_192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    /** Answers one request; returns whether the connection goes on. */
    private boolean answer(Request request, BufferedInputStream in, OutputStream out) throws IOException {
        if (request.method().isEmpty()) {
            return false;
        }
        counts.computeIfAbsent(request.path(), path -> new AtomicInteger()).incrementAndGet();
        switch (request.path()) {
            case "/lively" -> probe(liveness, request, out);
            case "/ready" -> probe(readiness, request, out);
            case "/set" -> {
                set(request);
                respond(200, "set", request, out);
            }
            case "/echo" -> respond(200, request.head() + "\r\n" + request.body(), request, out);
            case "/env" -> respond(200, environment(), request, out);
            case "/count" -> respond(200, count("/lively") + " " + count("/ready"), request, out);
            case "/requests" ->
                respond(
                        200,
                        String.valueOf(counts.values().stream()
                                .mapToInt(AtomicInteger::get)
                                .sum()),
                        request,
                        out);
            case "/slow" -> {
                pause(Long.parseLong(request.parameters().getOrDefault("millis", "0")));
                respond(200, name, request, out);
            }
            case "/ws" -> {
                webSocket(request, in, out);
                return false;
            }
            default -> respond(200, name + " " + request.target(), request, out);
        }
        return !request.closes();
    }

    private void probe(AtomicInteger status, Request request, OutputStream out) throws IOException {
        pause(delayMillis.get());
        respond(status.get(), name, request, out);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void set(Request request) {
        Map<String, String> parameters = request.parameters();
        String live = parameters.get("liveness");
        String ready = parameters.get("readiness");
        String delay = parameters.get("delay");
        if (live != null) {
            liveness.set(Integer.parseInt(live));
        }
        if (ready != null) {
            readiness.set(Integer.parseInt(ready));
        }
        if (delay != null) {
            delayMillis.set(Long.parseLong(delay));
        }
    }

    private static String environment() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(System.getenv()).forEach((key, value) -> text.append(key + "=" + value + "\n"));
        return text.toString();
    }

    private static void respond(int status, String body, Request request, OutputStream out) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        String head = "HTTP/1.1 " + status + " Status\r\nContent-Type: text/plain\r\nContent-Length: " + bytes.length
                + (request.closes() ? "\r\nConnection: close" : "") + "\r\n\r\n";
        out.write(head.getBytes(ISO_8859_1));
        if (!request.method().equals("HEAD")) {
            out.write(bytes);
        }
    }

    /** RFC 6455: sends back every message, and the code of a close. */
    private static void webSocket(Request request, InputStream in, OutputStream out) throws IOException {
        String protocol = request.fields().get("sec-websocket-protocol");
        String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + accept(request.fields().getOrDefault("sec-websocket-key", ""))
                + (protocol == null ? "" : "\r\nSec-WebSocket-Protocol: " + protocol.split(",", 2)[0])
                + "\r\n\r\n";
        out.write(head.getBytes(ISO_8859_1));
        out.flush();
        while (true) {
            int first = in.read();
            if (first < 0) {
                return;
            }
            byte[] payload = unmasked(in);
            out.write(first);
            writeLength(payload.length, out);
            out.write(payload);
            out.flush();
            if ((first & 0x0f) == 8) {
                return;
            }
        }
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + WEB_SOCKET_KEY_SUFFIX).getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static byte[] unmasked(InputStream in) throws IOException {
        long length = need(in.read()) & 0x7f;
        int further = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (further > 0) {
            length = 0;
            for (int i = 0; i < further; i++) {
                length = length << 8 | need(in.read());
            }
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(Math.toIntExact(length));
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return payload;
    }

    private static int need(int octet) throws EOFException {
        if (octet < 0) {
            throw new EOFException();
        }
        return octet;
    }

    private static void writeLength(int length, OutputStream out) throws IOException {
        if (length < 126) {
            out.write(length);
        } else if (length < 65_536) {
            out.write(new byte[] {126, (byte) (length >> 8), (byte) length});
        } else {
            out.write(new byte[] {
                127, 0, 0, 0, 0, (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length
            });
        }
    }

    /**
     * A request as it came.
     *
     * @param fields by name in lower case; of several of a name the last
     */
    private record Request(String method, String target, Map<String, String> fields, String head, String body) {
        /** The end of the connection in the place of a request. */
        static final Request NONE = new Request("", "", Map.of(), "", "");

        static Request read(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                if (octet < 0) {
                    return NONE;
                }
                head.append((char) octet);
            }
            String[] lines = head.toString().split("\r\n", -1);
            String[] words = lines[0].split(" ", -1);
            Map<String, String> fields = new TreeMap<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                if (colon > 0) {
                    fields.put(
                            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                            lines[i].substring(colon + 1).strip());
                }
            }
            return new Request(
                    words[0], words[1], fields, String.join("\r\n", lines).strip() + "\r\n", body(fields, in));
        }

        private static String body(Map<String, String> fields, InputStream in) throws IOException {
            if (fields.containsKey("transfer-encoding")) {
                StringBuilder body = new StringBuilder();
                for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
                    body.append(new String(in.readNBytes(size), UTF_8));
                    in.readNBytes(2);
                }
                in.readNBytes(2);
                return body.toString();
            }
            int length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
            return new String(in.readNBytes(length), UTF_8);
        }

        private static int chunkSize(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                line.append((char) need(in.read()));
            }
            return Integer.parseInt(line.toString().strip(), 16);
        }

        String path() {
            int query = target.indexOf('?');
            return query < 0 ? target : target.substring(0, query);
        }

        Map<String, String> parameters() {
            Map<String, String> parameters = new TreeMap<>();
            int query = target.indexOf('?');
            if (query >= 0) {
                for (String pair : target.substring(query + 1).split("&", -1)) {
                    int equals = pair.indexOf('=');
                    if (equals > 0) {
                        parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
                    }
                }
            }
            return parameters;
        }

        boolean closes() {
            return "close".equalsIgnoreCase(fields.getOrDefault("connection", ""));
        }
    }
}

package io.myelin.discovery.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API server on loopback, as far as lists and watches of Endpoints and EndpointSlices go: with selectors,
 * pages, resourceVersions, bookmarks and 410. It can refuse, hang, be slow, lose watches, forget, stop and start.
 */
public final class KubernetesApi implements AutoCloseable {
    /** The path of Endpoints in {@code namespace}. */
    public static final String ENDPOINTS = "/api/v1/namespaces/%s/endpoints";
    /** The path of EndpointSlices in {@code namespace}. */
    public static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final @Nullable SSLContext tls;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, ObjectNode> objects = new TreeMap<>();
    private final List<Event> history = new ArrayList<>();
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile ServerSocket server;
    private volatile String token = "";
    private volatile int failure;
    private volatile boolean hanging;
    private volatile boolean pagesForgotten;
    private volatile boolean cutting;
    private volatile String answer = "";
    private long version = 100;
    private long forgotten;

    /** A request as it came. */
    public record Request(String path, Map<String, String> query, String authorization) {
        public boolean watch() {
            return "true".equals(query.get("watch"));
        }
    }

    private record Key(String path, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return (path + "/" + name).compareTo(other.path + "/" + other.name);
        }
    }

    private record Event(long version, Key key, String type, ObjectNode object) {}

    private record Watch(Socket socket, Request request) {}

    private KubernetesApi(@Nullable SSLContext tls) {
        this.tls = tls;
        try {
            this.server = listen(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server without encryption. */
    public static KubernetesApi http() {
        return new KubernetesApi(null);
    }

    /** Starts a server that shows what {@code tls} holds. */
    public static KubernetesApi https(SSLContext tls) {
        return new KubernetesApi(tls);
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url() {
        return (tls == null ? "http" : "https") + "://localhost:" + port();
    }

    // What there is.

    /** Has Endpoints that say {@code subsets}, in JSON. */
    public void endpoints(String namespace, String name, Map<String, String> labels, String subsets) {
        put(ENDPOINTS.formatted(namespace), name, labels, "{\"subsets\": " + subsets + "}");
    }

    /** Has an EndpointSlice of the service {@code service} that says {@code content}, an object in JSON. */
    public void slice(String namespace, String name, String service, String content) {
        put(SLICES.formatted(namespace), name, Map.of("kubernetes.io/service-name", service), content);
    }

    /** Has an object that says {@code content}, an object in JSON, beside its name, labels and version. */
    public void put(String path, String name, Map<String, String> labels, String content) {
        locked(() -> {
            ObjectNode object = object(content);
            ObjectNode metadata = object.withObjectProperty("metadata");
            metadata.put("name", name);
            labels.forEach(metadata.putObject("labels")::put);
            Key key = new Key(path, name);
            metadata.put("resourceVersion", String.valueOf(++version));
            boolean known = objects.put(key, object) != null;
            tell(new Event(version, key, known ? "MODIFIED" : "ADDED", object));
        });
    }

    /** Has Endpoints of that name no more. */
    public void deleteEndpoints(String namespace, String name) {
        delete(ENDPOINTS.formatted(namespace), name);
    }

    /** Has the object of that name no more. */
    public void delete(String path, String name) {
        locked(() -> {
            Key key = new Key(path, name);
            ObjectNode object = objects.remove(key);
            if (object != null) {
                object.withObjectProperty("metadata").put("resourceVersion", String.valueOf(++version));
                tell(new Event(version, key, "DELETED", object));
            }
        });
    }

    /** Returns a subset in JSON, of pods at {@code addresses}, called {@code pod-ADDRESS}, and {@code port}. */
    public static String subset(int port, String... addresses) {
        List<String> entries = new ArrayList<>();
        for (String address : addresses) {
            entries.add("{\"ip\": \"" + address + "\", \"targetRef\": {\"kind\": \"Pod\", \"name\": \"pod-" + address
                    + "\"}}");
        }
        return "{\"addresses\": " + entries + ", \"ports\": [{\"port\": " + port + "}]}";
    }

    // What goes wrong.

    /** Answers everything with {@code status} from now on; 0 to answer as usual. */
    public void fail(int status) {
        failure = status;
    }

    /** Answers every list with {@code body} from now on; empty to answer as usual. */
    public void answer(String body) {
        answer = body;
    }

    /** Answers nothing any more, neither to requests nor in watches. */
    public void hang() {
        hanging = true;
    }

    /** Answers again. */
    public void resume() {
        hanging = false;
    }

    /** Refuses with 401 who does not show {@code bearer} from now on. */
    public void demand(String bearer) {
        token = bearer;
    }

    /** Forgets what has changed so far, so that a watch from an earlier version is 410. */
    public void forget() {
        locked(() -> {
            forgotten = ++version;
            history.clear();
        });
    }

    /** Answers whoever asks for a page that is not the first with 410, from now on or no more. */
    public void forgetPages(boolean forget) {
        pagesForgotten = forget;
    }

    /** Tells every watch that it is too old, and forgets what has changed so far. */
    public void expireWatches() {
        forget();
        sendLine("{\"type\": \"ERROR\", \"object\": {\"kind\": \"Status\", \"code\": 410, \"reason\": \"Expired\","
                + " \"message\": \"too old resource version\"}}");
        endWatches();
    }

    /** Tells every watch from where it can go on, which is beyond all that can be forgotten before. */
    public void bookmark() {
        locked(() -> sendLine(
                "{\"type\": \"BOOKMARK\", \"object\": {\"metadata\": {\"resourceVersion\": \"" + ++version + "\"}}}"));
    }

    /** Sends {@code line}, whatever it is, in every watch. */
    public void sendLine(String line) {
        send(line + "\n");
    }

    /** Sends {@code text} in every watch. */
    public void send(String text) {
        locked(() -> watches.forEach(watch -> write(watch.socket(), chunk(text))));
    }

    /** Ends every watch as a server does whose time for it has come. */
    public void endWatches() {
        locked(() -> watches.forEach(watch -> {
            write(watch.socket(), "0\r\n\r\n");
            close(watch.socket());
        }));
    }

    /** Closes the connection of every watch as soon as it has begun, from now on or no more. */
    public void cutAtOnce(boolean cut) {
        cutting = cut;
    }

    /** Closes the connection of every watch. */
    public void cutWatches() {
        watches.forEach(watch -> close(watch.socket()));
    }

    /** Ends all connections, and takes no more. */
    public void stop() {
        close(server);
        sockets.forEach(KubernetesApi::close);
    }

    /** Takes connections again, at the same port. */
    public void start() {
        int port = server.getLocalPort();
        server = Eventually.found("port " + port + " free again", () -> listenIfFree(port));
    }

    // What is asked.

    /** Returns how many watches there are. */
    public int watches() {
        return watches.size();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Returns the requests so far that were for lists. */
    public List<Request> lists() {
        return requests.stream().filter(request -> !request.watch()).toList();
    }

    /** Returns the requests so far that were for watches. */
    public List<Request> watchRequests() {
        return requests.stream().filter(Request::watch).toList();
    }

    @Override
    public void close() {
        stop();
    }

    /** Listens at a port that was its own before, {@code null} while something else has it. */
    private @Nullable ServerSocket listenIfFree(int port) {
        try {
            return listen(port);
        } catch (BindException ignored) {
            // A client's own end may have been given the port meanwhile.
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        run("kubernetes-accept", () -> acceptAll(socket));
        return socket;
    }

    private void acceptAll(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket socket = from.accept();
                sockets.add(socket);
                run("kubernetes", () -> converse(socket));
            } catch (IOException ignored) {
                // The test has stopped the server; there is nobody left to tell.
            }
        }
    }

    private void converse(Socket plain) {
        try (Socket socket = secured(plain)) {
            socket.setTcpNoDelay(true);
            Request request = read(socket.getInputStream());
            if (request != null) {
                requests.add(request);
                answer(socket, request);
            }
        } catch (IOException ignored) {
            // The client hung up, or does not believe the server: the test judges by what the client says.
        } finally {
            sockets.remove(plain);
        }
    }

    private Socket secured(Socket plain) throws IOException {
        if (tls == null) {
            return plain;
        }
        SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        secured.setUseClientMode(false);
        secured.setWantClientAuth(true);
        return secured;
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        String target = head.substring(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
        int question = target.indexOf('?');
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : target.substring(question + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        String authorization = head.toString()
                .lines()
                .filter(line -> line.regionMatches(true, 0, "authorization:", 0, 14))
                .map(line -> line.substring(14).strip())
                .findFirst()
                .orElse("");
        return new Request(target.substring(0, question), query, authorization);
    }

    private void answer(Socket socket, Request request) throws IOException {
        if (hanging) {
            awaitEnd(socket);
        } else if (failure != 0) {
            refuse(socket, failure, "as the test says");
        } else if (!token.isEmpty() && !request.authorization().equals("Bearer " + token)) {
            refuse(socket, 401, "Unauthorized");
        } else if (request.watch()) {
            watch(socket, request);
        } else {
            list(socket, request);
        }
    }

    private void list(Socket socket, Request request) {
        String next = request.query().getOrDefault("continue", "");
        if (!answer.isEmpty()) {
            respond(socket, 200, answer);
        } else if (pagesForgotten && !next.isEmpty()) {
            refuse(socket, 410, "the provided continue parameter is too old");
        } else {
            locked(() -> respond(socket, 200, page(request, next)));
        }
    }

    private String page(Request request, String next) {
        int limit = Integer.parseInt(request.query().getOrDefault("limit", "0"));
        int from = next.isEmpty() ? 0 : Integer.parseInt(next);
        List<ObjectNode> all = objects.entrySet().stream()
                .filter(entry -> matches(request, entry.getKey(), entry.getValue()))
                .map(Map.Entry::getValue)
                .toList();
        int to = limit == 0 ? all.size() : Math.min(all.size(), from + limit);
        ObjectNode list = JSON.createObjectNode();
        ObjectNode metadata = list.put("kind", "List").putObject("metadata");
        metadata.put("resourceVersion", String.valueOf(version));
        if (to < all.size()) {
            metadata.put("continue", String.valueOf(to));
        }
        ArrayNode items = list.putArray("items");
        all.subList(from, to).forEach(items::add);
        return list.toString();
    }

    private void watch(Socket socket, Request request) throws IOException {
        long from = Long.parseLong(request.query().get("resourceVersion"));
        Watch watch = new Watch(socket, request);
        boolean[] refused = {false};
        locked(() -> {
            if (from < forgotten) {
                refused[0] = true;
                return;
            }
            write(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            history.stream()
                    .filter(event -> event.version() > from)
                    .filter(event -> matches(request, event.key(), event.object()))
                    .forEach(event -> write(socket, chunk(line(event))));
            watches.add(watch);
        });
        if (refused[0]) {
            refuse(socket, 410, "too old resource version");
            return;
        }
        try {
            if (!cutting) {
                awaitEnd(socket);
            }
        } finally {
            watches.remove(watch);
        }
    }

    /** Tells watches of what has changed; with the lock. */
    private void tell(Event event) {
        history.add(event);
        if (!hanging) {
            watches.stream()
                    .filter(watch -> matches(watch.request(), event.key(), event.object()))
                    .forEach(watch -> write(watch.socket(), chunk(line(event))));
        }
    }

    private static boolean matches(Request request, Key key, ObjectNode object) {
        String field = request.query().getOrDefault("fieldSelector", "");
        if (!key.path().equals(request.path()) || !(field.isEmpty() || field.equals("metadata.name=" + key.name()))) {
            return false;
        }
        JsonNode labels = object.path("metadata").path("labels");
        for (String term : request.query().getOrDefault("labelSelector", "").split(",", -1)) {
            int equals = term.indexOf('=');
            if (equals > 0 && !labels.path(term.substring(0, equals)).asText().equals(term.substring(equals + 1))) {
                return false;
            }
        }
        return true;
    }

    private static String line(Event event) {
        ObjectNode line = JSON.createObjectNode();
        line.put("type", event.type()).set("object", event.object());
        return line + "\n";
    }

    private static ObjectNode object(String content) {
        try {
            return (ObjectNode) JSON.readTree(content);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void refuse(Socket socket, int status, String message) {
        respond(socket, status, "{\"kind\": \"Status\", \"code\": " + status + ", \"message\": \"" + message + "\"}");
    }

    private static void respond(Socket socket, int status, String body) {
        write(
                socket,
                "HTTP/1.1 " + status + " Status\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.getBytes(UTF_8).length + "\r\n\r\n" + new String(body.getBytes(UTF_8), ISO_8859_1));
    }

    private static String chunk(String text) {
        String bytes = new String(text.getBytes(UTF_8), ISO_8859_1);
        return Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n";
    }

    private static void write(Socket socket, String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
        } catch (IOException ignored) {
            // The client hung up; it says what became of it.
        }
    }

    private static void awaitEnd(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            // Clients say no more.
        }
    }

    private void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    private static void run(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception ignored) {
            // Closing is all that was wanted.
        }
    }
}

package io.myelin.discovery.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.LoopbackBackend.Conversation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An HTTP server on loopback whose answers a test sets, and which remembers what it was asked. */
public final class ScriptedApi implements AutoCloseable {
    /** What is answered for silence: nothing, until the client gives up. */
    private static final String SILENCE = "";

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final LoopbackBackend backend = LoopbackBackend.running(this::converse);
    private final Set<Conversation> streams = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String streamed;
    private volatile Function<Request, String> answers = request -> response(404, "not found");

    /** A request as it came. */
    public record Request(String head, String body) {
        /** Returns method and target. */
        public String line() {
            return head.substring(0, head.indexOf(" HTTP/"));
        }

        /** Returns the value of a field, empty if there is none. */
        public String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    public int port() {
        return backend.port();
    }

    /** Answers everything with 200 and {@code body} from now on. */
    public void answer(String body) {
        answer(200, body);
    }

    public void answer(int status, String body) {
        answerBy(request -> response(status, body));
    }

    /** Answers everything with exactly these bytes, and then the end of the connection. */
    public void answerRaw(String bytes) {
        answerBy(request -> bytes);
    }

    /** Answers nothing any more. */
    public void fallSilent() {
        answerBy(request -> SILENCE);
    }

    /** Answers each request as {@code function} says, in bytes. */
    public void answerBy(Function<Request, String> function) {
        answers = function;
    }

    /** Answers requests for what begins with {@code path} with a response that does not end. */
    public void stream(String path) {
        streamed = path;
    }

    /** Answers such requests like all others again, and ends the responses that there are. */
    public void streamNothing() {
        streamed = null;
        endStreams();
    }

    /** Ends the responses that do not end by themselves. */
    public void endStreams() {
        streams.forEach(stream -> {
            try {
                stream.socket().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Returns how many responses there are that do not end. */
    public int streams() {
        return streams.size();
    }

    /** Sends {@code text}, in ASCII, with each response that does not end. */
    public void push(String text) {
        streams.forEach(stream -> {
            try {
                stream.write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Returns the requests so far whose target begins with {@code path}. */
    public List<Request> requestsFor(String path) {
        return requests.stream()
                .filter(request -> request.line().startsWith("GET " + path))
                .toList();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Returns the bytes of a response. */
    public static String response(int status, String body) {
        return "HTTP/1.1 " + status + " Status\r\nContent-Type: any\r\nContent-Length: " + body.getBytes(UTF_8).length
                + "\r\n\r\n" + new String(body.getBytes(UTF_8), ISO_8859_1);
    }

    @Override
    public void close() {
        backend.close();
    }

    private void converse(Conversation conversation) throws IOException {
        String head = conversation.readHead();
        if (head.isEmpty()) {
            return;
        }
        String length = new Request(head, "").header("Content-Length");
        byte[] body = conversation.read(length.isEmpty() ? 0 : Integer.parseInt(length));
        Request request = new Request(head, new String(body, UTF_8));
        requests.add(request);
        String path = streamed;
        if (path != null && request.line().startsWith("GET " + path)) {
            keepOpen(conversation);
            return;
        }
        String answer = answers.apply(request);
        conversation.write(answer);
        if (answer.equals(SILENCE)) {
            conversation.read(1);
        }
    }

    private void keepOpen(Conversation conversation) throws IOException {
        conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        streams.add(conversation);
        try {
            conversation.read(1);
        } finally {
            streams.remove(conversation);
        }
    }
}

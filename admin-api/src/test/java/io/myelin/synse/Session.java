package io.myelin.synse;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.testing.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A client of the API over a WebSocket, which reads as long as it is not told to pause. */
final class Session implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What arrived and was not looked at. */
    final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    private final StringBuilder begun = new StringBuilder();
    private final WebSocket socket;
    private volatile boolean paused;
    private volatile boolean closed;
    private volatile int status;

    Session(int port) {
        this(HTTP, URI.create("ws://127.0.0.1:" + port + "/v3/connect"));
    }

    Session(HttpClient http, URI address) {
        socket = http.newWebSocketBuilder().buildAsync(address, this).join();
    }

    Session send(String text) {
        socket.sendText(text.replace('\'', '"'), true).join();
        return this;
    }

    /** Returns the next message that arrives. */
    JsonNode next() {
        return Client.parse(Await.found("a message", received::poll));
    }

    JsonNode ask(String text) {
        return send(text).next();
    }

    /** Reads nothing from the next message on. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        socket.request(1);
    }

    /** Returns why the server closed it, 0 if it did not say. */
    int status() {
        return status;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        begun.append(text);
        if (last) {
            received.add(begun.toString());
            begun.setLength(0);
        }
        if (!paused) {
            from.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        status = code;
        closed = true;
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed = true;
    }

    @Override
    public void close() {
        socket.abort();
    }
}

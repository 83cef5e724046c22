package io.myelin.synse;

import io.myelin.server.BindAddress;
import io.myelin.testing.Await;
import io.myelin.testing.FakeClock;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The API over scripted plugins, on a port of this machine. */
final class Served implements AutoCloseable {
    /** What {@link FakeClock} shows at first. */
    static final String NOW = "2023-11-14T22:13:20Z";

    final ScriptedPlugins plugins = new ScriptedPlugins();
    final FakeClock clock = new FakeClock();
    final Client client;
    private final SynseServer server;

    /** Serves indented answers and metrics. */
    Served() throws IOException {
        this(true);
    }

    Served(boolean pretty) throws IOException {
        SynseSettings settings = new SynseSettings(
                pretty,
                pretty,
                Duration.ofHours(1),
                SynseSettings.DEFAULT_TRANSACTION_TTL,
                () -> Map.of("logging", "info", "grpc", Map.of("timeout", 3)));
        server = SynseServer.start(
                new BindAddress("127.0.0.1", 0), new SynseApi(plugins, settings, clock), allocator -> null, clock);
        client = new Client(port());
        // The devices are asked for when the listener begins, for which plugins are looked for if there is none.
        Await.until("plugins were looked for", () -> plugins.looks.get() == 1);
        // What comes of that is on the loop that answers requests: once it answers one, that is over.
        try (RawClient next = RawClient.to(port())) {
            next.send("GET /test HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
                    .readToEnd();
        }
    }

    CompletionStage<Integer> drain(Duration limit) {
        return server.drain(limit);
    }

    int port() {
        return server.address().getPort();
    }

    @Override
    public void close() {
        server.close();
    }
}

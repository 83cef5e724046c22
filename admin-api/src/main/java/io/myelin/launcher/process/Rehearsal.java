package io.myelin.launcher.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.launcher.process.Lifecycle.Request;
import io.myelin.model.Clock;
import io.myelin.model.Protocol;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A short life of the whole process on loopback ports of its own: it starts, serves every kind of service, is looked at
 * and ends. Made into an archive, the classes that it loads are those that every start needs.
 */
public final class Rehearsal {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int ROUNDS = 3;
    private static final int PATIENCE_MILLIS = 5_000;
    private static final List<String> LOOKS = List.of("/", "/ready", "/metrics", "/api/v1/services", "/api/v1/process");
    private static final String CONFIGURATION = """
            admin: {address: "127.0.0.1:0"}
            frontends:
              edge: {bind: "127.0.0.1:0", default: web}
            services:
              web:
                port: "127.0.0.1:0"
                check: /
                servers: ["127.0.0.1:ORIGIN_PORT"]
                routes: [{host: rehearsal.example, path_prefix: /}]
              raw: {port: "127.0.0.1:0", protocol: tcp, check: tcp, servers: ["127.0.0.1:ORIGIN_PORT"]}
              interpreted:
                discovery: {method: base}
                default_servers: [{name: origin, host: 127.0.0.1, port: ORIGIN_PORT}]
                haproxy:
                  port: 0
                  bind_address: 127.0.0.1
                  server_options: "check inter 2s rise 3 fall 2"
                  listen: [mode http, balance leastconn, option httpchk GET /, timeout server 5s, option redispatch]
              registered:
                discovery: {method: zookeeper, hosts: ["127.0.0.1:1"], path: /rehearsal}
                port: "127.0.0.1:0"
                retries: 0
                servers: ["127.0.0.1:1"]
            """;

    private final RunningProxy proxy;

    private Rehearsal(RunningProxy proxy) {
        this.proxy = proxy;
    }

    /** Runs from start to end, within seconds; {@code console} hears what a real start says. */
    public static void run(ServerOptions server, String version, Console console)
            throws IOException, StartException, InterruptedException {
        Path file = Files.createTempFile("myelin-rehearsal", ".yaml");
        try (RehearsalOrigin origin = new RehearsalOrigin()) {
            Files.writeString(file, CONFIGURATION.replace("ORIGIN_PORT", Integer.toString(origin.port())));
            Lifecycle lifecycle = new Lifecycle(Clock.SYSTEM);
            LaunchOptions options = new LaunchOptions(List.of(file), null, LIMIT, server, version);
            try (RunningProxy proxy = RunningProxy.start(options, lifecycle, console)) {
                new Rehearsal(proxy).visit();
                lifecycle.request(Request.RELOAD);
                lifecycle.request(Request.STOP);
                proxy.serve();
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void visit() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            for (ListenerStatus listener : proxy.assembly().view().listeners()) {
                ask(listener.boundPort(), listener.protocol() == Protocol.HTTP ? "POST" : "GET", "/");
            }
        }
        for (String path : LOOKS) {
            ask(URI.create(proxy.adminUrl()).getPort(), "GET", path);
        }
    }

    /** Sends two requests on one connection and reads whatever comes until it ends. */
    private static void ask(int port, String method, String path) throws IOException {
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write((request + "\r\n").getBytes(US_ASCII));
            socket.getOutputStream().write((request + "Connection: close\r\n\r\n").getBytes(US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }
}

package io.myelin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.myelin.model.Endpoint;
import io.myelin.model.Protocol;
import io.myelin.net.SocketTypes;
import io.myelin.pool.PoolCounter;
import io.myelin.server.ServerOptions.Transport;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.TestProxy;
import io.myelin.testing.UnixBackend;
import io.myelin.testing.UnixConnection;
import io.myelin.unix.SocketFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
@Tag("sockets")
class UnixSocketTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    Path directory;

    private Path listening = Path.of("");
    private Path member = Path.of("");
    private @Nullable TestProxy proxy;

    @BeforeEach
    void namePaths() {
        listening = directory.resolve("web.sock");
        member = directory.resolve("member.sock");
    }

    @AfterEach
    void stop() {
        TestProxy started = proxy;
        if (started != null) {
            started.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"AUTO", "NIO"})
    void requestsGoFromSocketToSocket(Transport transport) throws IOException {
        TestProxy http = start(Protocol.HTTP, transport);
        try (UnixBackend backend = UnixBackend.echoingHeads(member)) {
            offerMember(http);
            for (int i = 0; i < 4; i++) {
                try (UnixConnection client = UnixConnection.to(listening)) {
                    for (int request = 0; request < 2; request++) {
                        String head = client.send(REQUEST).readHead();
                        String seen =
                                client.read(Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")));
                        assertThat(seen)
                                .contains("Host: a\r\n")
                                .contains("X-Forwarded-Host: a\r\n")
                                .doesNotContain("X-Forwarded-For")
                                .doesNotContain("X-Forwarded-Port");
                    }
                }
            }
            assertThat(backend).isNotNull();
        }
        assertThat(http.pool().total(PoolCounter.REQUESTS)).isEqualTo(8);
        assertThat(http.pool().snapshot().members().get(0).id().value()).isEqualTo(member.toString());
        assertThat(http.pool().snapshot().members().get(0).endpoint().address()).isEqualTo(member.toString());
    }

    /** The JDK's selectors end a Unix socket as soon as one side does. */
    @Test
    @EnabledIf("epoll")
    void eitherSideMayEndItsOutputFirst() throws IOException {
        TestProxy tcp = start(Protocol.TCP, Transport.EPOLL);
        try (UnixBackend backend = UnixBackend.running(member, connection -> {
            connection.send("bye ").endOutput();
            connection.readToEnd();
        })) {
            offerMember(tcp);
            try (UnixConnection client = UnixConnection.to(listening)) {
                assertThat(client.readToEnd()).isEqualTo("bye ");
                client.send("still here").endOutput();
            }
            assertThat(backend).isNotNull();
        }
        tcp.awaitQuiet();
        assertThat(tcp.pool().total(PoolCounter.BYTES_IN)).isEqualTo(10);
    }

    /** The JDK's selectors end a Unix socket as soon as one side does. */
    @Test
    @EnabledIf("epoll")
    void theClientMayEndItsOutputFirst() throws IOException {
        TestProxy tcp = start(Protocol.TCP, Transport.EPOLL);
        try (UnixBackend backend =
                UnixBackend.running(member, connection -> connection.send("got " + connection.readToEnd()))) {
            offerMember(tcp);
            try (UnixConnection client = UnixConnection.to(listening)) {
                client.send("12345").endOutput();

                assertThat(client.readToEnd()).isEqualTo("got 12345");
            }
            assertThat(backend).isNotNull();
        }
        tcp.awaitQuiet();
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"AUTO", "NIO"})
    void theFileLivesAsLongAsTheListener(Transport transport) throws IOException {
        UnixBackend.running(listening, connection -> {}).close();
        assertThat(listening).as("left behind").exists();
        TestProxy http = start(Protocol.HTTP, transport);
        assertThat(http.server().listeners())
                .extracting(ListenerStatus::listening, ListenerStatus::boundPort, ListenerStatus::error)
                .containsExactly(tuple(true, 0, null));
        assertThat(Files.getPosixFilePermissions(listening)).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));

        http.close();

        Await.until("the file is gone", () -> !Files.exists(listening));
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"AUTO", "NIO"})
    void aPathWhereSomebodyListensIsNotTaken(Transport transport) throws IOException {
        try (UnixBackend other = UnixBackend.running(listening, connection -> connection.send("mine"))) {
            TestProxy http = create(Protocol.HTTP, transport);
            assertThat(http.apply()).singleElement().satisfies(status -> {
                assertThat(status.listening()).isFalse();
                assertThat(status.error()).isEqualTo("address already in use (expected: a path where nobody listens)");
            });
            try (UnixConnection client = UnixConnection.to(listening)) {
                assertThat(client.readToEnd()).isEqualTo("mine");
            }
            assertThat(other).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"AUTO", "NIO"})
    void aMemberWhoseFileIsMissingIsRefused(Transport transport) throws IOException {
        TestProxy http = start(Protocol.HTTP, transport);
        try (LoopbackBackend other = LoopbackBackend.answering("other")) {
            http.offer(List.of(Endpoint.ofUnix("", member.toString()), Endpoint.of("", "127.0.0.1", other.port())));
            for (int i = 0; i < 4; i++) {
                try (UnixConnection client = UnixConnection.to(listening)) {
                    client.send("GET / HTTP/1.0\r\n\r\n");
                    assertThat(client.readToEnd()).endsWith("other");
                }
            }
        }
        assertThat(http.pool().total(PoolCounter.REDISPATCHES)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"AUTO", "NIO"})
    void aSocketMayAskForAProxyHeader(Transport transport) throws IOException, InterruptedException {
        TestProxy http = create(Protocol.HTTP, transport)
                .withListener(listener -> listener.addresses(List.of(
                        BindAddress.ofUnix(listening.toString()).with(BindOptions.DEFAULT.withAcceptProxy(true)))));
        try (LoopbackBackend backend = LoopbackBackend.answering("hi")) {
            http.start(backend.port());
            try (UnixConnection client = UnixConnection.to(listening)) {
                client.send("PROXY TCP4 203.0.113.7 203.0.113.80 4711 443\r\n" + REQUEST);

                assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            }
            assertThat(backend.awaitRequest()).contains("X-Forwarded-For: 203.0.113.7\r\n");
        }
    }

    static boolean epoll() {
        return SocketTypes.best() == SocketTypes.EPOLL;
    }

    private TestProxy start(Protocol protocol, Transport transport) {
        return create(protocol, transport).start();
    }

    private TestProxy create(Protocol protocol, Transport transport) {
        BindAddress address = BindAddress.ofUnix(listening.toString())
                .with(BindOptions.DEFAULT.withFile(new SocketFile.Access(0660, null, null)));
        TestProxy created =
                TestProxy.of(protocol, transport).withListener(listener -> listener.addresses(List.of(address)));
        proxy = created;
        return created;
    }

    private void offerMember(TestProxy to) {
        to.offer(List.of(Endpoint.ofUnix("", member.toString())));
    }
}

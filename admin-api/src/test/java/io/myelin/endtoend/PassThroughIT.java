package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.myelin.health.plugin.Device;
import io.myelin.health.plugin.PluginEmulator;
import io.myelin.health.plugin.Reading;
import io.myelin.health.plugin.wire.Empty;
import io.myelin.health.plugin.wire.V3PluginGrpc;
import io.myelin.health.plugin.wire.V3PluginGrpc.V3PluginBlockingStub;
import io.myelin.health.plugin.wire.V3Reading;
import io.myelin.health.plugin.wire.V3StreamRequest;
import io.myelin.launcher.process.StartException;
import io.myelin.server.ListenerStatus;
import io.myelin.testing.Await;
import io.myelin.tls.TlsStatus;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls on plugins that pass through a whole process. */
@Timeout(60)
class PassThroughIT {
    private static final String LISTENER = "synse-pass-through";

    @TempDir
    Path directory;

    private final PluginEmulator first =
            PluginEmulator.of("P1").tag("myelin/first").start();
    private final PluginEmulator second =
            PluginEmulator.of("P2").tag("myelin/second").start();
    private @Nullable ManagedChannel channel;

    @BeforeEach
    void haveADevice() {
        first.device(new Device("", "d1", "led", "P1", "", "", Map.of(), "r", List.of(), List.of(), List.of(), 0));
    }

    @AfterEach
    void close() {
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
        }
        first.close();
        second.close();
    }

    @Test
    void callsReachThePluginThatTheyName() throws IOException, StartException, InterruptedException {
        try (World world = world("")) {
            ManagedChannel plain = NettyChannelBuilder.forAddress(address(world))
                    .usePlaintext()
                    .directExecutor()
                    .build();
            channel = plain;

            assertPluginsAreChosen(plain);

            assertThat(failure(plain, "x-synse-plugin", "nope")).startsWith("NOT_FOUND: plugin not found: nope");
            first.down();
            Await.until(
                    "calls on the first are refused with the reason",
                    () -> failure(plain, "x-synse-plugin", "P1")
                            .startsWith("UNAVAILABLE: plugin P1 is inactive: UNAVAILABLE: "));
            assertThat(failure(plain, "x-synse-tag", "myelin/first"))
                    .startsWith("UNAVAILABLE: plugin P1 is inactive: ");
            assertThat(named(plain, "x-synse-plugin", "P2")).isEqualTo("P2");
        }
    }

    @Test
    void aNewCertificateIsShownWithoutEndingAStream() throws IOException, StartException, InterruptedException {
        Path certificate = Files.copy(SynseTlsIT.LOCALHOST, directory.resolve("cert.pem"));
        Path key = Files.copy(SynseTlsIT.LOCALHOST, directory.resolve("key.pem"));
        try (World world = world(tls(certificate, key))) {
            int port = world.port(LISTENER);
            ManagedChannel before = encrypted(world);
            channel = before;
            assertPluginsAreChosen(before);
            assertThat(failure(before, "x-synse-plugin", "nope")).startsWith("NOT_FOUND: plugin not found: nope");
            Iterator<V3Reading> stream =
                    stub(before, "x-synse-plugin", "P1").readStream(V3StreamRequest.getDefaultInstance());
            Await.until("the stream", () -> first.streams() == 1);

            SynseTlsIT.replace(certificate, Files.writeString(directory.resolve("broken.pem"), "nothing"));
            Await.until(
                    "the file is named",
                    () -> String.valueOf(status(world).error()).contains(certificate.toString()));
            assertThat(SynseTlsIT.nameOf(port)).isEqualTo("CN=localhost");
            assertThat(next(stream, "while a file is broken")).isEqualTo("while a file is broken");

            SynseTlsIT.replace(key, SynseTlsIT.OTHER);
            SynseTlsIT.replace(certificate, SynseTlsIT.OTHER);
            Await.until(
                    "the new certificate is shown",
                    () -> SynseTlsIT.nameOf(port).equals("CN=other"));
            assertThat(next(stream, "with new files")).isEqualTo("with new files");
            ManagedChannel after = encrypted(world);
            try {
                assertThat(named(after, "x-synse-plugin", "P2")).isEqualTo("P2");
            } finally {
                after.shutdownNow();
            }

            world.reload(yaml(tls(SynseTlsIT.LOCALHOST, SynseTlsIT.LOCALHOST)));
            assertThat(SynseTlsIT.nameOf(port)).isEqualTo("CN=localhost");
            world.reload(yaml(tls(directory.resolve("broken.pem"), key)));
            assertThat(world.admin().json("/api/v1/plugins").path("error").asText())
                    .contains("broken.pem");
            assertThat(SynseTlsIT.nameOf(port)).isEqualTo("CN=localhost");
            assertThat(next(stream, "with another configuration")).isEqualTo("with another configuration");
            assertThat(first.streams()).isEqualTo(1);
            before.shutdownNow();
            assertThat(world.admin().metrics().matching("myelin_tls_certificate_expiry_seconds", LISTENER))
                    .isNotEmpty();
        }
    }

    private static void assertPluginsAreChosen(ManagedChannel channel) {
        assertThat(named(channel, "x-synse-plugin", "P2")).isEqualTo("P2");
        assertThat(named(channel, "x-synse-tag", "myelin/first")).isEqualTo("P1");
    }

    /** Lets the first plugin show a reading and returns what came of it. */
    private String next(Iterator<V3Reading> stream, String value) {
        first.emit(new Reading("d1", "", "state", "led", "", Map.of(), null, value));
        return stream.next().getStringValue();
    }

    private static String named(ManagedChannel channel, String header, String value) {
        return stub(channel, header, value).metadata(Empty.getDefaultInstance()).getId();
    }

    private static String failure(ManagedChannel channel, String header, String value) {
        return String.valueOf(catchThrowableOfType(StatusRuntimeException.class, () -> named(channel, header, value))
                .getMessage());
    }

    private static V3PluginBlockingStub stub(ManagedChannel channel, String header, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
        ClientInterceptor chosen = MetadataUtils.newAttachHeadersInterceptor(headers);
        return V3PluginGrpc.newBlockingStub(channel).withInterceptors(chosen).withDeadlineAfter(50, TimeUnit.SECONDS);
    }

    private static ManagedChannel encrypted(World world) throws SSLException {
        return NettyChannelBuilder.forAddress(address(world))
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build())
                .directExecutor()
                .build();
    }

    private static InetSocketAddress address(World world) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), world.port(LISTENER));
    }

    private static TlsStatus status(World world) {
        ListenerStatus found = world.listeners().stream()
                .filter(each -> each.listener().equals(LISTENER))
                .findFirst()
                .orElseThrow();
        TlsStatus tls = found.tls();
        assertThat(tls).isNotNull();
        return tls;
    }

    private World world(String keys) throws IOException, StartException, InterruptedException {
        World world = World.from(directory, yaml(keys));
        Admin api = Admin.at("http://127.0.0.1:" + world.port("synse"));
        SynseIT.awaitActive(api, "P1");
        SynseIT.awaitActive(api, "P2");
        return world;
    }

    private String yaml(String keys) {
        return """
                synse:
                  address: '127.0.0.1:0'
                  plugin: {tcp: ['%s', '%s']}
                  pass_through: {address: '127.0.0.1:0'%s}
                """.formatted(first.address().text(), second.address().text(), keys);
    }

    private static String tls(Path certificate, Path key) {
        return ", tls: {cert: " + certificate + ", key: " + key + "}";
    }
}

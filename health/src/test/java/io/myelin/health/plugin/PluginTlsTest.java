package io.myelin.health.plugin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.myelin.health.plugin.wire.Empty;
import io.myelin.health.plugin.wire.V3PluginGrpc;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.tls.CurrentContext;
import io.myelin.tls.CurrentIdentity;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.TlsConfig;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins over TLS: scenario 37. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PluginTlsTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private Path directory;

    @BeforeAll
    void issue(@TempDir Path files) throws Exception {
        directory = files;
        X509Bundle authority = authority("CN=plugins");
        X509Bundle stranger = authority("CN=somebody else");
        write("ca", authority);
        write("stranger", stranger);
        write(
                "good",
                leaf().addSanDnsName("localhost").addSanIpAddress("127.0.0.1").buildIssuedBy(authority));
        write("named", leaf().addSanDnsName("emulator.example").buildIssuedBy(authority));
        write("client", leaf().addSanDnsName("myelin").buildIssuedBy(authority));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        open.clear();
    }

    @Test
    void scenario37APluginWithACertificateOfOursIsActive() throws UnusableTlsException {
        PluginRegistry plugins = start(trusting("ca"), plugin("good", null).address());
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
    }

    @Test
    void scenario37TheExpectedNameCanBeGiven() throws UnusableTlsException {
        PluginEmulator plugin = plugin("named", null);
        PluginRegistry plugins = start(trusting("ca"), plugin.address());
        assertThat(reason(plugins)).contains("the plugin's certificate is for another name");

        plugins.reconfigure(config(new PluginTls(file("ca.pem"), null, null, "emulator.example"), plugin.address()));
        refresh(plugins);
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
        assertThat(plugins.unregistered()).isEmpty();
    }

    @Test
    void scenario37AnotherAuthorityIsNamedAsTheReason() throws UnusableTlsException {
        PluginEmulator plugin = plugin("good", null);
        PluginRegistry plugins = start(trusting("stranger"), plugin.address());
        assertThat(plugins.list()).isEmpty();
        assertThat(reason(plugins)).contains("nothing trusted vouches for the plugin's certificate");

        plugins.reconfigure(config(trusting("ca"), plugin.address()));
        refresh(plugins);
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
        plugins.reconfigure(config(trusting("stranger"), plugin.address()));
        refresh(plugins);
        assertThat(plugins.find("P1").orElseThrow().active()).isFalse();
        assertThat(plugins.find("P1").orElseThrow().reason()).contains("nothing trusted vouches");
    }

    @Test
    void scenario37APluginThatAsksForACertificateGetsOurs() throws UnusableTlsException {
        PluginEmulator plugin = plugin("good", "ca");
        PluginRegistry plugins = start(trusting("ca"), plugin.address());
        assertThat(reason(plugins)).contains("the plugin does not accept the client certificate, or the lack of one");

        plugins.reconfigure(
                config(new PluginTls(file("ca.pem"), file("client.pem"), file("client.key"), null), plugin.address()));
        refresh(plugins);
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"old-rsa.pem", "old-ec.pem"})
    void scenario37ourKeyMayBeInAFormFromBeforePkcs8(String name) throws UnusableTlsException, IOException {
        try (InputStream openssl = PluginTlsTest.class.getResourceAsStream("/tls/" + name)) {
            Files.write(file(name), requireNonNull(openssl, name).readAllBytes());
        }
        PluginEmulator plugin = PluginEmulator.of("P1")
                .tls(file("good.pem"), file("good.key"), file(name))
                .start();
        open.add(plugin);
        PluginRegistry plugins = start(new PluginTls(file("ca.pem"), file(name), file(name), null), plugin.address());
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
    }

    @Test
    void scenario37PlaintextAndTlsDoNotMeet() throws UnusableTlsException {
        PluginEmulator plaintext = PluginEmulator.start("P1");
        open.add(plaintext);
        PluginRegistry plugins = start(trusting("ca"), plaintext.address());
        assertThat(reason(plugins)).contains("the plugin does not speak TLS");
        plugins.reconfigure(config(null, plaintext.address()));
        refresh(plugins);
        assertThat(plugins.find("P1").orElseThrow().active()).isTrue();
        plugins.reconfigure(config(trusting("ca"), plaintext.address()));
        refresh(plugins);
        assertThat(plugins.find("P1").orElseThrow().active()).isFalse();

        PluginRegistry others = start(null, plugin("good", null).address());
        assertThat(reason(others)).startsWith("UNAVAILABLE: ");
    }

    @Test
    void scenario37AFileThatCannotBeUsedIsNamedAndChangesNothing() throws UnusableTlsException, IOException {
        PluginEmulator plugin = plugin("good", null);
        PluginRegistry plugins = start(trusting("ca"), plugin.address());
        assertThatThrownBy(() -> start(trusting("missing"), plugin.address()))
                .isInstanceOf(UnusableTlsException.class)
                .hasMessage("gRPC cert not found: " + file("missing.pem"));
        Files.writeString(file("garbage.pem"), "nothing");
        assertThatThrownBy(() -> plugins.reconfigure(config(trusting("garbage"), plugin.address())))
                .isInstanceOf(UnusableTlsException.class)
                .hasMessageStartingWith("gRPC cert " + file("garbage.pem") + ": ");
        assertThatThrownBy(() -> plugins.reconfigure(config(
                        new PluginTls(file("ca.pem"), file("client.pem"), file("good.key"), null), plugin.address())))
                .hasMessageContaining(file("good.key") + ": not the key of " + file("client.pem"));
        assertThatThrownBy(() -> plugins.reconfigure(config(
                        new PluginTls(file("ca.pem"), file("client.pem"), file("ca.pem"), null), plugin.address())))
                .hasMessageContaining("gRPC client key " + file("ca.pem") + ": no private key (expected: one in PEM)");
        assertThatThrownBy(() -> plugins.reconfigure(config(
                        new PluginTls(file("ca.pem"), file("client.pem"), file("no.key"), null), plugin.address())))
                .hasMessage("gRPC client key not found: " + file("no.key"));
        refresh(plugins);
        assertThat(plugins.find("P1").orElseThrow().disconnects()).isZero();
    }

    @Test
    void callersReachPluginsOverTlsAtBothEnds() throws UnusableTlsException, IOException, MalformedPemException {
        PluginRegistry plugins = start(trusting("ca"), plugin("good", null).address());
        CurrentIdentity identity = new CurrentIdentity("entrance", Clock.SYSTEM);
        identity.change(
                TlsConfig.of(file("good.pem").toString(), file("good.key").toString())
                        .with()
                        .alpn(List.of("h2"))
                        .build());
        PassThrough entrance = PassThrough.open(
                plugins,
                new PassThroughConfig(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new CurrentContext(identity)));
        open.add(0, entrance);
        ManagedChannel channel = NettyChannelBuilder.forAddress(entrance.address())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(file("ca.pem").toFile())
                        .build())
                .directExecutor()
                .build();
        try {
            Metadata headers = new Metadata();
            headers.put(PluginChoice.ID, "P1");
            assertThat(V3PluginGrpc.newBlockingStub(channel)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                            .metadata(Empty.getDefaultInstance())
                            .getId())
                    .isEqualTo("P1");
        } finally {
            channel.shutdownNow();
        }
        assertThatThrownBy(() -> PassThrough.open(plugins, new PassThroughConfig(entrance.address(), null)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(String.valueOf(entrance.address().getPort()));
    }

    private PluginEmulator plugin(String certificate, @Nullable String clients) {
        PluginEmulator plugin = PluginEmulator.of("P1")
                .tls(
                        file(certificate + ".pem"),
                        file(certificate + ".key"),
                        clients == null ? null : file(clients + ".pem"))
                .start();
        open.add(plugin);
        return plugin;
    }

    private PluginRegistry start(@Nullable PluginTls tls, PluginAddress address) throws UnusableTlsException {
        PluginRegistry plugins = PluginRegistry.start(config(tls, address), Clock.SYSTEM, RandomSource.SYSTEM);
        open.add(0, plugins);
        refresh(plugins);
        return plugins;
    }

    private static void refresh(PluginRegistry plugins) {
        plugins.refresh().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static String reason(PluginRegistry plugins) {
        assertThat(plugins.unregistered()).hasSize(1);
        return plugins.unregistered().get(0).reason();
    }

    private static PluginConfig config(@Nullable PluginTls tls, PluginAddress address) {
        return new PluginConfig(List.of(address), Duration.ofMinutes(2), Duration.ofSeconds(10), tls);
    }

    private PluginTls trusting(String authority) {
        return new PluginTls(file(authority + ".pem"), null, null, null);
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static CertificateBuilder leaf() {
        return new CertificateBuilder().ecp256().subject("CN=plugin");
    }

    private void write(String name, X509Bundle bundle) throws IOException {
        Files.writeString(file(name + ".pem"), bundle.getCertificatePathPEM());
        Files.writeString(file(name + ".key"), bundle.getPrivateKeyPEM());
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}

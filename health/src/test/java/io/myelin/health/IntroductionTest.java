package io.myelin.health;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.ProxyVersion;
import io.myelin.model.RandomSource;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.UnixBackend;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks of members that expect a PROXY header, and of members on Unix sockets. */
@Timeout(10)
class IntroductionTest {
    private static final EventLoopGroup GROUP = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final HttpCheck GET = new HttpCheck("GET", "/", "HTTP/1.1", List.of(), Expectation.SUCCESS);

    @TempDir
    Path directory;

    @AfterAll
    static void stopLoops() {
        GROUP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @ParameterizedTest
    @CsvSource({"V1, 50524f585920554e4b4e4f574e0d0a", "V2, 0d0a0d0a000d0a515549540a20000000", "OFF, ''"})
    void aCheckSpeaksForItself(ProxyVersion version, String header) throws InterruptedException {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
            seen.add(HexFormat.of().formatHex(conversation.read(header.length() / 2)));
            conversation.readHead();
            conversation.write("HTTP/1.0 200 OK\r\n\r\n");
        })) {
            Endpoint endpoint = Endpoint.of("", "127.0.0.1", backend.port());

            assertThat(ask(endpoint, GET, version).finding().status()).isEqualTo(CheckStatus.L7OK);
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo(header);
        }
    }

    @Test
    void aConnectionThatIsAllThereIsToItIsIntroducedToo() throws InterruptedException {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (LoopbackBackend backend = LoopbackBackend.running(
                conversation -> seen.add(new String(conversation.in().readAllBytes(), US_ASCII)))) {
            Endpoint endpoint = Endpoint.of("", "127.0.0.1", backend.port());

            assertThat(ask(endpoint, null, ProxyVersion.V1).finding().status()).isEqualTo(CheckStatus.L4OK);
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEqualTo("PROXY UNKNOWN\r\n");
        }
    }

    @Test
    void aMemberOnAUnixSocketIsChecked() throws IOException, InterruptedException {
        Path path = directory.resolve("member.sock");
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Endpoint endpoint = Endpoint.ofUnix("", path.toString());
        try (UnixBackend backend = UnixBackend.running(path, connection -> {
            seen.add(connection.readHead());
            connection.send("HTTP/1.0 200 OK\r\n\r\n");
        })) {
            assertThat(ask(endpoint, null, ProxyVersion.OFF).finding().status()).isEqualTo(CheckStatus.L4OK);
            assertThat(seen.poll(5, TimeUnit.SECONDS)).isEmpty();
            assertThat(ask(endpoint, GET, ProxyVersion.OFF).finding().status()).isEqualTo(CheckStatus.L7OK);
            assertThat(seen.poll(5, TimeUnit.SECONDS)).contains("Host: localhost\r\n");
            assertThat(backend).isNotNull();
        }
        assertThat(ask(endpoint, GET, ProxyVersion.OFF).finding().status()).isEqualTo(CheckStatus.L4CON);
    }

    @Test
    void aMissingSocketFileIsAFinding() throws InterruptedException {
        Endpoint endpoint = Endpoint.ofUnix("", directory.resolve("none.sock").toString());

        assertThat(ask(endpoint, null, ProxyVersion.OFF).finding().status()).isEqualTo(CheckStatus.L4CON);
    }

    private static ProbeResult ask(Endpoint endpoint, @Nullable HttpCheck http, ProxyVersion version)
            throws InterruptedException {
        CheckConfig config = CheckConfig.every(LONG)
                .with()
                .rise(1)
                .fall(1)
                .http(http)
                .sendProxy(version)
                .build();
        EventLoop loop = GROUP.next();
        Promise<ProbeResult> answer = loop.newPromise();
        try (HostNames names = new HostNames(InetAddress::getByName)) {
            CheckPlan plan = CheckPlan.of(config, names, Clock.SYSTEM, RandomSource.SYSTEM);
            loop.execute(() -> plan.ask(loop, endpoint, answer));
            assertThat(answer.await(5, TimeUnit.SECONDS)).isTrue();
        }
        return answer.getNow();
    }
}

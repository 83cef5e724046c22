package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A member that neither accepts nor refuses: its queue of connections is full. */
@Timeout(30)
@Tag("sockets")
class ConnectTimeoutTest {
    private final TestProxy proxy = TestProxy.http();
    private final List<Socket> queued = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        for (Socket socket : queued) {
            socket.close();
        }
    }

    @Test
    void aMemberThatNeverAcceptsIs503AfterTheConnectTimeout() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT
                .with()
                .connectTimeout(Duration.ofMillis(200))
                .serverTimeout(Duration.ZERO)
                .keepAliveTimeout(Duration.ofSeconds(1))
                .maxIdlePerLoop(16)
                .retries(0)
                .redispatch(true)
                .build());
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fillQueueOf(full);
            try (RawClient client =
                    RawClient.to(proxy.start(full.getLocalPort()).port())) {
                Response response =
                        client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();

                assertThat(response.status()).isEqualTo(503);
                assertThat(response.header("X-Myelin-Failure")).isEqualTo("connect_timeout");
                assertThat(proxy.pool().total(Failure.CONNECT_TIMEOUT)).isEqualTo(1);
                assertThat(proxy.pool().snapshot().members().get(0).total(MemberCounter.CONNECT_FAILURES))
                        .isEqualTo(1);
            }
        }
    }

    private void fillQueueOf(ServerSocket full) throws IOException {
        for (int i = 0; i < 16; i++) {
            Socket socket = new Socket();
            queued.add(socket);
            try {
                socket.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 100);
            } catch (SocketTimeoutException ignored) {
                // The queue is full, which is what was wanted.
                return;
            }
        }
    }
}

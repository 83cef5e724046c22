package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What traffic notices of a change of members: nothing. */
@Timeout(30)
@Tag("sockets")
class MembershipChangeTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";

    private final TestProxy proxy = TestProxy.http();

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void noConnectionOfAMemberThatStaysIsTouched() throws IOException {
        try (LoopbackBackend stays = LoopbackBackend.answering("stays");
                LoopbackBackend moves = LoopbackBackend.answering("moves");
                RawClient client = RawClient.to(proxy.start(stays.port()).port())) {
            int port = proxy.port();
            client.send(GET).readResponse();
            for (int swap = 0; swap < 20; swap++) {
                proxy.offer(stays.port(), moves.port());
                proxy.offer(stays.port());
                assertThat(client.send(GET).readResponse().body()).isEqualTo("stays");
            }

            assertThat(stays.connections()).isEqualTo(1);
            assertThat(proxy.port()).isEqualTo(port);
        }
    }

    @Test
    void aRequestInFlightOnARemovedMemberFinishes() throws IOException, InterruptedException {
        CountDownLatch removed = new CountDownLatch(1);
        try (LoopbackBackend leaves = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    await(removed);
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfinished");
                    assertThat(conversation.readHead()).isEmpty();
                });
                LoopbackBackend comes = LoopbackBackend.answering("comes");
                RawClient client = RawClient.to(proxy.start(leaves.port()).port())) {
            client.send(GET);
            leaves.awaitRequest();
            proxy.offer(comes.port());
            removed.countDown();

            assertThat(client.readResponse().body()).isEqualTo("finished");
            assertThat(client.send(GET).readResponse().body()).isEqualTo("comes");
        }
    }

    @Test
    void keptConnectionsToARemovedMemberAreClosed() throws IOException {
        CountDownLatch closed = new CountDownLatch(1);
        try (LoopbackBackend leaves = LoopbackBackend.running(conversation -> {
                    conversation.readRequest();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    if (conversation.readHead().isEmpty()) {
                        closed.countDown();
                    }
                });
                LoopbackBackend comes = LoopbackBackend.answering("comes");
                RawClient client = RawClient.to(proxy.start(leaves.port()).port())) {
            client.send(GET).readResponse();
            proxy.offer(comes.port());

            Await.until("the kept connection is closed", () -> closed.getCount() == 0);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpProxyTest {
    private final TestProxy proxy = TestProxy.http();

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void carriesARequestThereAndTheResponseBack() throws Exception {
        try (LoopbackBackend backend = LoopbackBackend.answering("hello");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET /a?b=c HTTP/1.1\r\nHost: web\r\nX-Thing:  kept as is \r\n\r\n");
            Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("hello");
            assertThat(backend.awaitRequest())
                    .startsWith("GET /a?b=c HTTP/1.1\r\nHost: web\r\nX-Thing:  kept as is \r\n")
                    .contains("X-Forwarded-For: 127.0.0.1\r\n")
                    .contains("X-Forwarded-Proto: http\r\n");
        }
    }

    @Test
    void keepsBothConnectionsForTheNextRequest() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.answering("x");
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            for (int i = 0; i < 5; i++) {
                client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
                assertThat(client.readResponse().body()).isEqualTo("x");
            }

            assertThat(backend.connections()).isEqualTo(1);
            assertThat(proxy.pool().snapshot().members().get(0).total(MemberCounter.REUSES))
                    .isEqualTo(4);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
                        String path = head.split(" ")[1];
                        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: web\r\n\r\n");
            }
            client.send(requests.toString());

            for (int i = 0; i < 50; i++) {
                assertThat(client.readResponse().body()).isEqualTo("/" + i);
            }
        }
    }

    @Test
    void aPoolWithoutMembersAnswers503AtOnce() throws IOException {
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
            Response response = client.readResponse();

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("X-Myelin-Failure")).isEqualTo("no_member");
            assertThat(proxy.pool().total(Failure.NO_MEMBER)).isEqualTo(1);
            proxy.awaitQuiet();
            assertThat(proxy.pool().total(PoolCounter.RESPONSES_5XX)).isEqualTo(1);
        }
    }
}

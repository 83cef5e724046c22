package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@Tag("sockets")
class ViaTest {
    private final TestProxy proxy = TestProxy.http();
    private final LoopbackBackend backend = LoopbackBackend.running(conversation -> {
        while (!conversation.readRequest().isEmpty()) {
            conversation.write(
                    "HTTP/1.0 200 OK\r\nVia: 1.1 cache\r\nConnection: keep-alive\r\n" + "Content-Length: 2\r\n\r\nok");
        }
    });

    @AfterEach
    void stop() {
        proxy.close();
        backend.close();
    }

    @Test
    void messagesSayThatTheyPassedAndInWhichVersionTheyCame() throws IOException {
        proxy.with(ClientConfig.DEFAULT.with().via("edge-1").build()).start(backend.port());
        try (RawClient client = RawClient.to(proxy.port())) {
            Response response = client.send("GET / HTTP/1.1\r\nHost: web\r\nVia: 1.0 first\r\n\r\n")
                    .readResponse();

            assertThat(response.head()).contains("Via: 1.1 cache\r\n").contains("Via: 1.0 edge-1\r\n");
            assertThat(response.head().indexOf("cache"))
                    .isLessThan(response.head().indexOf("edge-1"));
            String request = backend.received().get(0);
            assertThat(request).contains("Via: 1.0 first\r\n").contains("Via: 1.1 edge-1\r\n");
            assertThat(request.indexOf("first")).isLessThan(request.indexOf("edge-1"));
        }
    }

    @Test
    void byDefaultNothingSaysSo() throws IOException {
        proxy.start(backend.port());
        try (RawClient client = RawClient.to(proxy.port())) {
            Response response =
                    client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();

            assertThat(response.head()).containsOnlyOnce("Via:");
            assertThat(backend.received().get(0)).doesNotContain("Via:");
        }
    }

    @Test
    void theNameIsOneWord() {
        assertThatThrownBy(() -> ClientConfig.DEFAULT.with().via("two words").build())
                .hasMessage("via: two words (expected: a name without spaces)");
    }
}

package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.Immutable;
import io.myelin.testing.RawClient;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a client can do to a proxy, and what it then sees. */
enum Attack {
    GARBAGE(
            client -> client.send("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003 not HTTP\r\n\r\n"),
            "400"),
    TWO_LENGTHS(
            client -> client.send("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            "400"),
    HUGE_HEAD(client -> client.send("GET / HTTP/1.1\r\nHost: web\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"), "431"),
    LONG_LINE(client -> client.send("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: web\r\n\r\n"), "414"),
    OTHER_VERSION(client -> client.send("GET / HTTP/3.0\r\nHost: web\r\n\r\n"), "505"),
    CONNECT(client -> client.send("CONNECT web:443 HTTP/1.1\r\nHost: web:443\r\n\r\n"), "501"),
    SLOW_HEAD(client -> client.send("GET / HTTP/1.1\r\nHo"), "408"),
    STALLED_BODY(client -> client.send(post(1_000) + "begun"), "408"),
    BAD_CHUNK(client -> client.send(post(-1) + "5\r\nbegun\r\nzz\r\n"), "400"),
    UNREAD_RESPONSE(client -> client.send(get("/big")), ""),
    END_IN_HEAD(client -> client.send("GET / HTTP/1.1\r\nHo").close(), ""),
    END_IN_BODY(client -> client.send(post(1_000) + "begun").close(), ""),
    RESET_AT_ONCE(Attack::reset, ""),
    RESET_IN_HEAD(client -> reset(client.send("GET / HTTP/1.1\r\nHo")), ""),
    RESET_IN_BODY(client -> reset(client.send(post(1_000) + "begun")), ""),
    RESET_WHILE_WAITING(client -> reset(client.send(get("/slow"))), ""),
    RESET_IN_RESPONSE(
            client -> {
                client.send(get("/big")).socket().getInputStream().readNBytes(100);
                reset(client);
            },
            ""),
    RESET_BETWEEN_REQUESTS(
            client -> {
                assertThat(client.send(get("/")).readResponse().status()).isEqualTo(200);
                reset(client);
            },
            "");

    private final Deed deed;
    private final String status;

    /** What is done on one connection. */
    @Immutable
    private interface Deed {
        void on(RawClient client) throws IOException;
    }

    Attack(Deed deed, String status) {
        this.deed = deed;
        this.status = status;
    }

    /**
     * Does it once; fails unless the answer is what such a client deserves.
     *
     * @param over reached once clients that do not read may go
     */
    void run(int port, CountDownLatch over) throws IOException, InterruptedException {
        try (RawClient client = RawClient.to(port)) {
            deed.on(client);
            if (!status.isEmpty()) {
                RawClient.Response response = client.readResponse();
                assertThat(response.status()).as(name()).isEqualTo(Integer.parseInt(status));
                assertThat(client.readToEnd()).as(name()).isEmpty();
            } else if (this == UNREAD_RESPONSE) {
                assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** Does it, without waiting for anything, to a port that speaks another protocol. */
    void runBlindly(int port) throws IOException {
        try (RawClient client = RawClient.to(port)) {
            if (this != RESET_BETWEEN_REQUESTS && this != RESET_IN_RESPONSE) {
                deed.on(client);
            }
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: web\r\n\r\n";
    }

    /** Returns the head of a request whose body has that length, or chunks if it is negative. */
    private static String post(int length) {
        String framing = length < 0 ? "Transfer-Encoding: chunked" : "Content-Length: " + length;
        return "POST / HTTP/1.1\r\nHost: web\r\n" + framing + "\r\n\r\n";
    }

    private static void reset(RawClient client) throws IOException {
        client.socket().setSoLinger(true, 0);
        client.close();
    }
}

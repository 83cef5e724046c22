package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.failure.Failure;
import io.myelin.pool.PoolCounter;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients in great number, and clients that take their time: each gets what it deserves, and nothing stays behind. */
@Timeout(60)
@Tag("sockets")
class HttpFloodTest {
    private static final int FLOOD = 1_000;
    private static final int BIG = 24 << 20;
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** Much longer than any pause of a slow client. */
    private static final Duration PATIENT = Duration.ofMillis(1_200);

    /** How long a slow client takes its time: longer than the proxy waits for one that does nothing. */
    private static final Duration SLOW = PATIENT.multipliedBy(2);

    private static final long BETWEEN_STEPS_MILLIS = 20;

    private final TestProxy proxy = TestProxy.http();
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<RawClient> clients = new ArrayList<>();

    /** Answers with the target of the request, once that is wanted. */
    private final LoopbackBackend patient = LoopbackBackend.running(conversation -> {
        for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
            awaitRelease();
            String target = head.split(" ", 3)[1];
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + target.length() + "\r\n\r\n" + target);
        }
    });

    private final LoopbackBackend big = LoopbackBackend.running(conversation -> {
        conversation.readRequest();
        conversation.write("HTTP/1.1 200 OK\r\nContent-Length: " + BIG + "\r\n\r\n");
        conversation.write(new byte[BIG]);
    });

    @AfterEach
    void stop() throws IOException {
        released.countDown();
        for (RawClient client : clients) {
            client.close();
        }
        proxy.close();
        patient.close();
        big.close();
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RawClient connect() throws IOException {
        RawClient client = RawClient.to(proxy.port());
        clients.add(client);
        return client;
    }

    private void connectAll(String beginning, String end) throws IOException {
        for (int i = 0; i < FLOOD; i++) {
            connect().send(beginning + i + end);
        }
    }

    private void awaitSilence() {
        proxy.awaitQuiet();
        Await.until(
                "all clients are counted out",
                () -> proxy.server().listeners().get(0).openConnections() == 0);
    }

    @Test
    void aThousandRequestsAtOnceAreServedEachWithItsOwnAnswer() throws IOException {
        proxy.start(patient.port());
        connectAll("GET /", " HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
        Await.until("all are in flight", () -> proxy.pool().total(PoolCounter.IN_FLIGHT) == FLOOD);
        released.countDown();

        for (int i = 0; i < FLOOD; i++) {
            Response response = clients.get(i).readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("/" + i);
        }
        awaitSilence();
        assertThat(proxy.pool().total(PoolCounter.REQUESTS)).isEqualTo(FLOOD);
        assertThat(proxy.pool().total(PoolCounter.RESPONSES_2XX)).isEqualTo(FLOOD);
    }

    @Test
    void aThousandClientsThatVanishWhileTheyWaitLeaveNothingBehind() throws IOException {
        proxy.start(patient.port());
        connectAll("GET /", " HTTP/1.1\r\nHost: web\r\n\r\n");
        Await.until("all are in flight", () -> proxy.pool().total(PoolCounter.IN_FLIGHT) == FLOOD);
        for (RawClient client : clients) {
            client.socket().setSoLinger(true, 0);
            client.close();
        }

        awaitSilence();
        assertThat(proxy.pool().total(Failure.CLIENT_GONE)).isEqualTo(FLOOD);
    }

    @Test
    void aThousandHeadsThatNeverEndAre408() throws IOException {
        proxy.with(ClientConfig.DEFAULT.with().requestTimeout(SHORT).build()).start(patient.port());
        connectAll("GET /", " HTTP/1.1\r\nHos");

        for (RawClient client : clients) {
            assertThat(client.readResponse().status()).isEqualTo(408);
            assertThat(client.ended()).isTrue();
        }
        awaitSilence();
        assertThat(proxy.server().unrouted(Failure.REQUEST_TIMEOUT)).isEqualTo(FLOOD);
        assertThat(patient.connections()).isZero();
    }

    @Test
    void aThousandSilentConnectionsAreClosedWithoutAWord() throws IOException {
        proxy.with(ClientConfig.DEFAULT.with().requestTimeout(SHORT).build()).start(patient.port());
        for (int i = 0; i < FLOOD; i++) {
            connect();
        }

        for (RawClient client : clients) {
            assertThat(client.ended()).isTrue();
        }
        awaitSilence();
        assertThat(proxy.server().unrouted(Failure.REQUEST_TIMEOUT)).isZero();
    }

    @Test
    void aHeadThatKeepsComingIsGivenUpAllTheSame() throws IOException {
        proxy.with(ClientConfig.DEFAULT.with().requestTimeout(SHORT).build()).start(patient.port());
        RawClient client = connect().send("GET / HTTP/1.1\r\nX: ");
        long startNanos = System.nanoTime();
        while (proxy.server().unrouted(Failure.REQUEST_TIMEOUT) == 0) {
            assertThat(System.nanoTime() - startNanos).as("not given up").isLessThan(SHORT.toNanos() * 20);
            client.send("x");
            takeTime();
        }

        assertThat(client.readResponse().status()).isEqualTo(408);
        client.close();
        awaitSilence();
    }

    @Test
    void aBodyThatKeepsComingIsCarriedAndOneThatStopsIsNot() throws IOException {
        released.countDown();
        proxy.withClientTimeout(PATIENT).start(patient.port());
        int steps = (int) (SLOW.toMillis() / BETWEEN_STEPS_MILLIS);
        RawClient client = connect().send("POST /slow HTTP/1.1\r\nHost: web\r\nContent-Length: " + steps + "\r\n\r\n");
        for (int i = 0; i < steps; i++) {
            client.send("x");
            takeTime();
        }
        assertThat(client.readResponse().body()).isEqualTo("/slow");
        client.send("POST /stopped HTTP/1.1\r\nHost: web\r\nContent-Length: 100\r\n\r\nx");

        assertThat(client.readResponse().status()).isEqualTo(408);
        assertThat(client.ended()).isTrue();
        client.close();
        awaitSilence();
        assertThat(proxy.pool().total(Failure.CLIENT_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void aReaderThatIsSlowGetsAllOfIt() throws IOException {
        proxy.withClientTimeout(PATIENT).start(big.port());
        RawClient client = connect().send("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
        InputStream in = client.socket().getInputStream();
        byte[] buffer = new byte[256 << 10];
        long received = 0;
        long startNanos = System.nanoTime();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            received += length;
            if (System.nanoTime() - startNanos < SLOW.toNanos()) {
                takeTime();
            }
        }

        assertThat(received).isGreaterThan(BIG);
        assertThat(System.nanoTime() - startNanos).isGreaterThan(PATIENT.toNanos());
        client.close();
        awaitSilence();
        assertThat(proxy.pool().total(Failure.CLIENT_TIMEOUT)).isZero();
    }

    @Test
    void aReaderThatStopsIsCutAndCounted() throws IOException {
        proxy.withClientTimeout(SHORT).start(big.port());
        RawClient client = connect().send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
        Await.until("it is given up", () -> proxy.pool().total(Failure.CLIENT_TIMEOUT) == 1);

        awaitSilence();
        assertThat(drained(client)).isLessThan(BIG);
    }

    /** Returns how many bytes are left to read. */
    private static long drained(RawClient client) throws IOException {
        byte[] buffer = new byte[256 << 10];
        long received = 0;
        try {
            InputStream in = client.socket().getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                received += length;
            }
        } catch (SocketException ignored) {
            // A reset says as much as an early end does.
        }
        return received;
    }

    /** Is what makes a client slow. */
    private static void takeTime() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_STEPS_MILLIS));
    }
}

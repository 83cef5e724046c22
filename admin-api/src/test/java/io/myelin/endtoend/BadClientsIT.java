package io.myelin.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.myelin.failure.Failure;
import io.myelin.launcher.process.StartException;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of every bad manner, all at once, among good ones. */
@Timeout(60)
class BadClientsIT {
    private static final int OF_EACH = 22;
    private static final int OF_EACH_BLINDLY = 6;
    private static final byte[] BIG = response("x".repeat(16 * 1024 * 1024));
    private static final byte[] SMALL = response("web");

    @TempDir
    Path directory;

    private final CountDownLatch over = new CountDownLatch(1);
    /** Holds the answer to every request for /slow until no bad client is left. */
    private final CountDownLatch gone = new CountDownLatch(1);

    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final LoopbackBackend member = LoopbackBackend.running(conversation -> {
        for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
            if (head.contains("/slow")) {
                await(gone);
            }
            conversation.write(head.contains("/big") ? BIG : SMALL);
        }
    });
    private final LoopbackBackend echo = LoopbackBackend.running(
            conversation -> conversation.in().transferTo(conversation.socket().getOutputStream()));

    @AfterEach
    void closeAll() {
        over.countDown();
        gone.countDown();
        member.close();
        echo.close();
    }

    @Test
    void fiveHundredBadClientsHarmOnlyThemselves() throws IOException, InterruptedException, StartException {
        try (Log log = Log.open();
                World world = World.from(directory, yaml());
                Load good = Load.on(world.port("web"), 4)) {
            Await.until("good clients are served", () -> good.requests() > 100);
            List<Thread> bad = attack(world.port("web"), world.port("relay"));
            Await.until("both silences time out", () -> failures(world, Failure.CLIENT_TIMEOUT) >= 2 * OF_EACH);
            over.countDown();
            for (Thread client : bad) {
                client.join(20_000);
            }
            gone.countDown();
            long before = good.requests();
            Await.until("good clients are still served", () -> good.requests() > before + 100);

            assertThat(complaints).isEmpty();
            assertThat(good.stop()).isEmpty();
            awaitSilence(world);
            assertAccounted(world);
            assertThat(log.linesFrom(Level.WARN)).isEmpty();
        }
    }

    private List<Thread> attack(int webPort, int relayPort) {
        List<Thread> clients = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (Attack attack : Attack.values()) {
            for (int i = 0; i < OF_EACH; i++) {
                clients.add(client(attack, start, () -> attack.run(webPort, over)));
            }
            for (int i = 0; i < OF_EACH_BLINDLY; i++) {
                clients.add(client(attack, start, () -> attack.runBlindly(relayPort)));
            }
        }
        assertThat(clients).hasSizeGreaterThanOrEqualTo(500);
        clients.forEach(Thread::start);
        start.countDown();
        return clients;
    }

    /** What one bad client does. */
    private interface Deed {
        void run() throws IOException, InterruptedException;
    }

    private Thread client(Attack attack, CountDownLatch start, Deed deed) {
        return new Thread(
                () -> {
                    try {
                        assertThat(start.await(10, TimeUnit.SECONDS)).isTrue();
                        deed.run();
                    } catch (IOException | AssertionError e) {
                        complaints.add(attack + ": " + e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "bad-" + attack);
    }

    /** Waits until nothing is open or in flight any more. */
    private static void awaitSilence(World world) {
        Await.until("all connections are counted out", () -> {
            Metrics metrics = world.admin().metrics();
            return metrics.sum("myelin_listener_open_connections") == 0
                    && metrics.sum("myelin_pool_in_flight") == 0
                    && metrics.sum("myelin_member_in_flight") == 0;
        });
    }

    private static void assertAccounted(World world) {
        Map<Failure, Integer> atEachAttack = Map.of(
                Failure.MALFORMED_REQUEST, 3,
                Failure.HEAD_TOO_LARGE, 1,
                Failure.REQUEST_LINE_TOO_LONG, 1,
                Failure.VERSION_NOT_SUPPORTED, 1,
                Failure.METHOD_NOT_SUPPORTED, 1,
                Failure.REQUEST_TIMEOUT, 1,
                Failure.CLIENT_TIMEOUT, 2);
        atEachAttack.forEach((failure, kinds) ->
                assertThat(failures(world, failure)).as(failure.label()).isEqualTo((long) kinds * OF_EACH));
        assertThat(failures(world, Failure.CLIENT_GONE)).isEqualTo(6L * OF_EACH);
        for (Failure failure : Failure.values()) {
            if (failure.origin() != Failure.Origin.DOWNSTREAM) {
                assertThat(failures(world, failure)).as(failure.label()).isZero();
            }
        }
    }

    /** Returns how many requests failed for that reason, before and after they belonged to the pool. */
    private static long failures(World world, Failure failure) {
        Metrics metrics = world.admin().metrics();
        String reason = "reason=\"" + failure.label() + "\"";
        return (long) (metrics.sum("myelin_unrouted_failures_total", reason)
                + metrics.sum("myelin_pool_failures_total", "pool=\"web\"", reason));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(40, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static byte[] response(String body) {
        return ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body).getBytes(ISO_8859_1);
    }

    private String yaml() {
        return """
                services:
                  web:
                    port: 0
                    servers: ["127.0.0.1:%d"]
                    timeouts: {client: 3s, request: 3s}
                  relay:
                    port: 0
                    protocol: tcp
                    servers: ["127.0.0.1:%d"]
                """.formatted(member.port(), echo.port());
    }
}

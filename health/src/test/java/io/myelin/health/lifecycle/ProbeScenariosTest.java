package io.myelin.health.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.health.Checker;
import io.myelin.health.lifecycle.LifecycleMonitor.ProbeReport;
import io.myelin.health.lifecycle.LifecycleMonitor.Watch;
import io.myelin.health.lifecycle.ProbeSubject.Port;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.testing.Await;
import io.myelin.testing.FakeClock;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scenarios of Tye's probes over real sockets, in milliseconds where Tye counts seconds. */
@Timeout(60)
class ProbeScenariosTest {
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Checker checker = new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM);
    private final LoopLifecycleMonitor monitor = new LoopLifecycleMonitor(checker, Clock.SYSTEM);
    private final List<Closeable> opened = new ArrayList<>();
    private final Journal journal = new Journal();

    @AfterEach
    void closeAll() throws IOException {
        monitor.close();
        checker.close();
        for (Closeable each : opened) {
            each.close();
        }
    }

    @Test
    void scenario2LivenessOnlyIsHealthyAndReadyWithTheFirstSuccess() throws IOException, InterruptedException {
        Site site = site();
        site.answer("/lively", 500);
        Watch watch = watch(site, http("/lively", 1, 1_000), null);
        Await.until("two failures", () -> failures(watch) >= 2);
        assertThat(journal.rest()).isEmpty();

        site.answer("/lively", 200);
        assertThat(journal.next().what()).isEqualTo("healthy");
        assertThat(journal.next().what()).isEqualTo("ready");
    }

    @Test
    void scenario3ReadinessOnlyIsHealthyAtOnceAndReadyLater() throws IOException, InterruptedException {
        Site site = site();
        site.answer("/ready", 500);
        Watch watch = watch(site, null, http("/ready", 2, 3));

        assertThat(journal.next().what()).isEqualTo("healthy");
        Await.until("many failures", () -> failures(watch) >= 5);
        assertThat(journal.rest()).isEmpty();

        site.answer("/ready", 200);
        assertThat(journal.next().what()).isEqualTo("ready");
        assertThat(watch.reports().get(0).streak()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void scenario4ReadinessDoesNotCountBeforeLiveness() throws IOException, InterruptedException {
        Site site = site();
        site.answer("/lively", 500);
        site.answer("/ready", 200);
        Watch watch = watch(site, http("/lively", 1, 1_000), http("/ready", 1, 3));
        Await.until("successes of readiness", () -> watch.reports().get(1).successes() >= 3);
        assertThat(journal.rest()).isEmpty();

        site.answer("/ready", 500);
        Await.until("failures of readiness", () -> watch.reports().get(1).failures() >= 1);
        site.answer("/lively", 200);
        assertThat(journal.next().what()).isEqualTo("healthy");
        site.answer("/ready", 200);
        assertThat(journal.next().what()).isEqualTo("ready");
    }

    @Test
    void scenarios5And6DemotesOnTheThirdFailureAndRestoresOnTheSecondSuccess()
            throws IOException, InterruptedException {
        Statuses statuses = new Statuses(200, 200, 500, 500, 200, 500, 500, 500, 200, 500, 200, 200);
        Watch watch = watch(statuses.port(), null, http("/ready", 2, 3));

        assertThat(journal.next().what()).isEqualTo("healthy");
        assertThat(journal.next().what()).isEqualTo("ready");
        Journal.Entry demoted = journal.next();
        assertThat(demoted.what()).isEqualTo("healthy");
        assertThat(demoted.reason()).startsWith("http 500 in ");
        assertThat(journal.next().what()).isEqualTo("ready");
        Await.until("all twelve", () -> successes(watch) + failures(watch) >= 12);
        assertThat(failures(watch)).isEqualTo(6);
        assertThat(journal.rest()).isEmpty();
    }

    @Test
    void scenario7LivenessFailsOnTheThirdFailureAndEndsTheProbes() throws IOException, InterruptedException {
        Site site = site();
        site.answer("/lively", 200);
        Watch watch = watch(site, http("/lively", 1, 3), null);
        journal.next();
        assertThat(journal.next().what()).isEqualTo("ready");

        site.answer("/lively", 503);
        Journal.Entry failed = journal.next();
        assertThat(failed.what()).isEqualTo("failed");
        assertThat(failed.reason()).startsWith("http 503");
        assertThat(watch.reports().get(0).streak()).isEqualTo(3);
        assertThat(watch.reports().get(0).failures()).isEqualTo(3);
    }

    @Test
    void scenario8ATimeoutIsAFailureAndAnAnswerInTimeIsNot() throws IOException, InterruptedException {
        Site slow = site();
        slow.answerAfter("/ready", LONG);
        Site late = site();
        late.answerAfter("/ready", Duration.ofMillis(100));
        Site stalling = site();
        stalling.stall("/ready");
        ProbeConfig probe = within(Duration.ofSeconds(1), new ProbeConfig.Http("/ready", null, "", List.of(), true));
        Watch first = watch(slow, null, probe);
        Watch third = watch(stalling, null, probe);
        journal.next();
        journal.next();
        Watch second = watch(late, null, within(LONG, probe.way()));
        journal.next();
        assertThat(journal.next().what()).isEqualTo("ready");

        assertThat(successes(second)).isPositive();
        Await.until("both timed out", () -> failures(first) > 0 && failures(third) > 0);
        assertThat(reason(first)).isEqualTo("timeout after 1000 ms (status line)");
        assertThat(reason(third)).isEqualTo("timeout after 1000 ms (end of body)");
        assertThat(failures(second)).isZero();
    }

    @Test
    void scenario9ProbesStartOnePeriodAfterTheEndOfTheLastAndNeverOverlap() throws IOException {
        List<Long> begun = new CopyOnWriteArrayList<>();
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int port = serve(client -> start(() -> {
            begun.add(Clock.SYSTEM.nanoTime());
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            readRequest(client);
            LockSupport.parkNanos(Duration.ofMillis(80).toNanos());
            open.decrementAndGet();
            send(client, "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n");
            client.close();
        }));
        ProbeConfig probe = new ProbeConfig(
                new ProbeConfig.Http("/ready", null, "", List.of(), true),
                Duration.ofMillis(200),
                Duration.ofMillis(100),
                LONG,
                1,
                1);
        long startNanos = Clock.SYSTEM.nanoTime();
        Watch watch = watch(port, null, probe);
        Await.until("four probes", () -> begun.size() >= 4);
        watch.close();

        assertThat(begun.get(0) - startNanos)
                .isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
        for (int i = 1; i < 4; i++) {
            assertThat(begun.get(i) - begun.get(i - 1))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(180).toNanos());
        }
        assertThat(most).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299})
    void scenario10Succeeds(int status) throws IOException, InterruptedException {
        Site site = site();
        site.answer("/ready", status);
        watch(site, null, http("/ready", 1, 1));

        assertThat(journal.next().what()).isEqualTo("healthy");
        assertThat(journal.next().reason()).startsWith("http " + status + " in ");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 399, 404, 500, 599})
    void scenario10FailsAndFollowsNothing(int status) throws IOException {
        Site site = site();
        site.answer("/ready", status);
        site.answer("/elsewhere", 200);
        Watch watch = watch(site, null, http("/ready", 1, 1));

        Await.until("a failure", () -> failures(watch) > 0);
        assertThat(reason(watch)).startsWith("http " + status + " in ");
        assertThat(site.asked("/elsewhere")).isZero();
    }

    @Test
    void scenario10FailsWhenNobodyListens() throws IOException {
        try (Socket deaf = new Socket()) {
            // It has its port, so that nobody else does, and does not listen there.
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertFails(deaf.getLocalPort(), "", "connect refused");
        }
    }

    @Test
    void scenario10FailsOnAnInterimAnswerAlone() throws IOException {
        assertFails(raw("HTTP/1.1 199 Early\r\n\r\n"), "", "closed before status line");
    }

    @Test
    void scenario10FailsOnAnAnswerThatEndsEarly() throws IOException {
        assertFails(
                raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), "", "http 200, closed before end of body");
        assertFails(
                raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
                "",
                "http 200, closed before end of body");
    }

    @Test
    void scenario10FailsOnAReset() throws IOException {
        assertFails(raw("reset"), "", "reset before status line");
    }

    @Test
    void scenario10FailsWhenTlsMeetsSomethingElse() throws IOException {
        int port = serve(client -> {
            send(client, "HTTP/1.1 400 Not TLS\r\n\r\n");
            client.close();
        });
        Watch watch = watch(port, null, within(LONG, new ProbeConfig.Http("/ready", null, "https", List.of(), false)));
        Await.until("a failure", () -> failures(watch) > 0);
        assertThat(reason(watch)).startsWith("TLS failed: ").endsWith(" before status line");
    }

    @Test
    void readsALongBodyToItsEnd() throws IOException, InterruptedException {
        String body = "x".repeat(300_000);
        watch(
                raw("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body),
                null,
                http("/ready", 1, 1));

        journal.next();
        assertThat(journal.next().what()).isEqualTo("ready");
    }

    @Test
    void scenario11AsksTheBindingOfTheExternalPortWithTheHeaders() throws IOException, InterruptedException {
        Site web = site();
        Site admin = site();
        admin.answer("/ready", 200);
        ProbeSubject subject = new ProbeSubject(
                "web",
                "web_1",
                List.of(
                        new Port(8080, "http", "127.0.0.1", web.port()),
                        new Port(9090, "http", "127.0.0.1", admin.port())));
        ProbeConfig probe = within(LONG, new ProbeConfig.Http("/ready", 9090, "", List.of("X-A: 1"), true));
        Watch watch = monitor.watch(readiness(probe), subject, journal);

        journal.next();
        assertThat(journal.next().what()).isEqualTo("ready");
        assertThat(admin.seen()).contains("1");
        assertThat(web.asked("/ready")).isZero();
        assertThat(watch.reports().get(0).target()).isEqualTo("GET http://127.0.0.1:" + admin.port() + "/ready");
    }

    @Test
    void scenario11RefusesAPortThatNoBindingHas() throws IOException {
        Site site = site();
        ProbeSubject subject =
                new ProbeSubject("web", "web_1", List.of(new Port(8080, "http", "127.0.0.1", site.port())));
        ProbeConfig probe = within(LONG, new ProbeConfig.Http("/ready", 7777, "", List.of(), true));

        assertThatThrownBy(() -> monitor.watch(readiness(probe), subject, journal))
                .hasMessageContaining("service web: readiness: port: 7777");
        assertThat(monitor.probed()).isEmpty();
    }

    @Test
    void tcpIsContentWithAConnection() throws IOException, InterruptedException {
        watch(site(), null, within(LONG, new ProbeConfig.Tcp(null)));

        journal.next();
        assertThat(journal.next().reason()).startsWith("connected in ");
    }

    @Test
    void execGoesByTheExitCodeAndTellsTheFirstLine(@TempDir Path dir) throws IOException, InterruptedException {
        Path switchedOn = dir.resolve("on");
        ProbeConfig probe = within(
                LONG,
                new ProbeConfig.Exec(List.of(
                        "sh",
                        "-c",
                        "echo $MYELIN_SERVICE $MYELIN_INSTANCE $MYELIN_HOST; echo more; test -e " + switchedOn)));
        Watch watch = watch(site(), null, probe);
        journal.next();
        Await.until("a failure", () -> failures(watch) > 0);
        assertThat(reason(watch)).startsWith("exit code 1: web web_1 127.0.0.1 in ");

        Files.createFile(switchedOn);
        assertThat(journal.next().reason()).startsWith("web web_1 127.0.0.1 in ");
        assertThat(watch.reports().get(0).target()).isEqualTo("exec sh");
    }

    @Test
    void execThatHangsIsKilledWithItsChildren(@TempDir Path dir) throws IOException {
        Path pid = dir.resolve("pid");
        Duration limit = Duration.ofMillis(300);
        ProbeConfig probe = new ProbeConfig(
                new ProbeConfig.Exec(List.of("sh", "-c", "sleep 600 & echo waiting; echo $! > " + pid + "; wait")),
                Duration.ZERO,
                LONG,
                limit,
                1,
                1);
        FakeClock time = new FakeClock();
        try (LoopLifecycleMonitor timed = new LoopLifecycleMonitor(checker, time)) {
            Watch watch = timed.watch(readiness(probe), subject(site().port()), journal);
            long child = Await.found("it waits", () -> numberIn(pid));
            time.advance(limit);

            Await.until("a timeout", () -> failures(watch) > 0);
            assertThat(reason(watch)).isEqualTo("timeout after 300 ms: waiting");
            watch.close();
            Await.until(
                    "the child is gone",
                    () -> !ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
        }
    }

    /** Returns the number that a line of the file says, {@code null} before the line is whole. */
    private static @Nullable Long numberIn(Path file) {
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            return text.endsWith("\n") ? Long.valueOf(text.strip()) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void execThatFloodsItsOutputGoesOn() throws IOException, InterruptedException {
        watch(
                site(),
                null,
                within(LONG, new ProbeConfig.Exec(List.of("sh", "-c", "head -c 1000000 /dev/zero; exit 0"))));

        journal.next();
        assertThat(journal.next().what()).isEqualTo("ready");
    }

    @Test
    void execOfAProgramThatDoesNotExistFails() throws IOException {
        Watch watch = watch(site(), null, within(LONG, new ProbeConfig.Exec(List.of("/nowhere/program"))));

        Await.until("a failure", () -> failures(watch) > 0);
        assertThat(reason(watch)).startsWith("cannot run /nowhere/program: ");
    }

    @Test
    void thousandsOfProbesNeedNoThreadEach() throws IOException {
        int port = raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
        ProbeConfig probe = new ProbeConfig(
                new ProbeConfig.Http("/ready", null, "", List.of(), true), Duration.ZERO, LONG, LONG, 1, 3);
        List<Journal> journals = new ArrayList<>();
        int threads = Thread.activeCount();
        List<Watch> watches = IntStream.range(0, 2_000)
                .mapToObj(i -> {
                    Journal heard = new Journal();
                    journals.add(heard);
                    return monitor.watch(readiness(probe), subject(port), heard);
                })
                .toList();

        Await.until("all asked once", () -> watches.stream().allMatch(watch -> successes(watch) == 1));
        Await.until(
                "all ready",
                () -> journals.stream().allMatch(heard -> heard.rest().size() >= 2));
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 8);
        assertThat(journals).allMatch(heard -> heard.rest().size() == 2);
        assertThat(monitor.probed()).hasSize(2_000);
        watches.forEach(Watch::close);
        assertThat(monitor.probed()).isEmpty();
    }

    private void assertFails(int port, String protocol, String reason) {
        Watch watch = watch(port, null, within(LONG, new ProbeConfig.Http("/ready", null, protocol, List.of(), true)));
        Await.until("a failure", () -> failures(watch) > 0);
        assertThat(reason(watch)).isEqualTo(reason);
        watch.close();
    }

    private Site site() throws IOException {
        Site site = new Site();
        opened.add(site);
        return site;
    }

    /** Answers every request with the next of some statuses, and the last one for ever. */
    private final class Statuses {
        private final int port;

        private Statuses(int... statuses) throws IOException {
            int[] next = {0};
            port = serve(client -> {
                readRequest(client);
                int status = statuses[Math.min(next[0]++, statuses.length - 1)];
                send(client, "HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n");
                client.close();
            });
        }

        private int port() {
            return port;
        }
    }

    /** Returns the port of a server that answers with these bytes and closes; {@code reset} only resets. */
    private int raw(String answer) throws IOException {
        return serve(client -> {
            readRequest(client);
            if (answer.equals("reset")) {
                client.setSoLinger(true, 0);
            } else {
                send(client, answer);
            }
            client.close();
        });
    }

    /** What is done to one client. */
    @FunctionalInterface
    private interface Treatment {
        void treat(Socket client) throws IOException;
    }

    /** Treats one client while others are treated. */
    private interface Concurrent {
        void run() throws IOException;
    }

    private static void start(Concurrent treatment) {
        Thread thread = new Thread(() -> {
            try {
                treatment.run();
            } catch (IOException ignored) {
                // A client that goes away is part of the game.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private int serve(Treatment treatment) throws IOException {
        ServerSocket socket = new ServerSocket(0, 4_096, InetAddress.getLoopbackAddress());
        opened.add(socket);
        Thread thread = new Thread(() -> {
            while (!socket.isClosed()) {
                try {
                    treatment.treat(socket.accept());
                } catch (IOException ignored) {
                    // A client that goes away is part of the game, and a closed server socket ends the loop.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return socket.getLocalPort();
    }

    private static void readRequest(Socket client) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int value = client.getInputStream().read();
            if (value < 0) {
                throw new IOException("request ended early");
            }
            request.append((char) value);
        }
    }

    private static void send(Socket client, String text) throws IOException {
        OutputStream output = client.getOutputStream();
        output.write(text.getBytes(StandardCharsets.US_ASCII));
        output.flush();
    }

    private Watch watch(Site site, @Nullable ProbeConfig liveness, @Nullable ProbeConfig readiness) {
        return watch(site.port(), liveness, readiness);
    }

    private Watch watch(int port, @Nullable ProbeConfig liveness, @Nullable ProbeConfig readiness) {
        return monitor.watch(config(liveness, readiness), subject(port), journal);
    }

    private static ProbeSubject subject(int port) {
        return new ProbeSubject("web", "web_1", List.of(new Port(0, "", "127.0.0.1", port)));
    }

    private static LifecycleConfig readiness(ProbeConfig probe) {
        return config(null, probe);
    }

    private static LifecycleConfig config(@Nullable ProbeConfig liveness, @Nullable ProbeConfig readiness) {
        return new LifecycleConfig(
                liveness, readiness, LifecycleConfig.Demotion.DRAIN, LifecycleConfig.DEFAULT_DRAIN_LIMIT, null);
    }

    private static ProbeConfig http(String path, int successes, int failures) {
        return new ProbeConfig(
                new ProbeConfig.Http(path, null, "", List.of(), true), Duration.ZERO, OFTEN, LONG, successes, failures);
    }

    private static ProbeConfig within(Duration timeout, ProbeConfig.Way way) {
        return new ProbeConfig(way, Duration.ZERO, OFTEN, timeout, 1, 1);
    }

    private static long successes(Watch watch) {
        return only(watch).successes();
    }

    private static long failures(Watch watch) {
        return only(watch).failures();
    }

    private static String reason(Watch watch) {
        return only(watch).reason();
    }

    private static ProbeReport only(Watch watch) {
        return watch.reports().get(0);
    }
}

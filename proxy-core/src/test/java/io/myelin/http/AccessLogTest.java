package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Slots;
import io.myelin.failure.Failure;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessConfig.Capture;
import io.myelin.log.AccessRecord;
import io.myelin.log.AccessRecord.Request;
import io.myelin.pool.QueueConfig;
import io.myelin.pool.UpstreamConfig;
import io.myelin.pool.WaitingLine;
import io.myelin.testing.Await;
import io.myelin.testing.FreePorts;
import io.myelin.testing.Gate;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.LoopbackBackend.Script;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.StallingClock;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of each request once it is over. */
@Timeout(30)
@Tag("sockets")
class AccessLogTest {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: web\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 2\r\n\r\nok";
    private static final UpstreamConfig IMPATIENT = UpstreamConfig.DEFAULT
            .with()
            .serverTimeout(Duration.ofMillis(100))
            .retries(1)
            .connectTimeout(Duration.ofMillis(50))
            .build();

    private final StallingClock clock = new StallingClock();
    private final TestProxy proxy = TestProxy.httpOn(clock).with(AccessConfig.DEFAULT);

    @AfterEach
    void stop() {
        proxy.close();
    }

    private static LoopbackBackend backend(Script each) {
        return LoopbackBackend.running(conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                each.run(conversation);
            }
        });
    }

    private AccessRecord onlyRecord() {
        return proxy.awaitRecords(1).get(0);
    }

    /** Sends a request to a member that does {@code each}, and returns the record. */
    private AccessRecord recordOf(Script each) throws IOException {
        try (LoopbackBackend backend = backend(each);
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + "Connection: close\r\n\r\n").readToEnd();
            return onlyRecord();
        }
    }

    private static void assertFailed(AccessRecord record, Failure failure, int status, String termination) {
        assertThat(record.failure()).isEqualTo(failure);
        assertThat(record.status()).isEqualTo(status);
        assertThat(record.termination()).isEqualTo(termination);
        assertThat(record.normal()).isFalse();
    }

    @Test
    void aRequestIsTold() throws IOException {
        try (LoopbackBackend backend = backend(conversation -> conversation.write(OK));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            String sent = GET + "Referer: /r\r\nUser-Agent: test \"1\"\r\n\r\n";
            Response response = client.send(sent).readResponse();
            AccessRecord record = onlyRecord();

            assertThat(record.tunnel()).isFalse();
            assertThat(record.listener()).isEqualTo("web");
            assertThat(record.pool()).isEqualTo("web");
            assertThat(record.client()).isEqualTo(client.socket().getLocalSocketAddress());
            assertThat(((InetSocketAddress) record.local()).getPort()).isEqualTo(proxy.port());
            assertThat(record.request()).isEqualTo(new Request("GET", "/a?b=c", "HTTP/1.1", "web", "/r", "test \"1\""));
            assertThat(Objects.requireNonNull(record.member()).port()).isEqualTo(backend.port());
            assertThat(record.snapshotVersion())
                    .isEqualTo(proxy.pool().snapshot().version());
            assertThat(record.status()).isEqualTo(200);
            assertThat(record.bytesIn()).isEqualTo(sent.length());
            assertThat(record.bytesOut()).isEqualTo(response.head().length() + 2);
            assertThat(record.failure()).isNull();
            assertThat(record.normal()).isTrue();
            assertThat(record.termination()).isEqualTo("--");
            assertThat(record.requestId()).isEqualTo(headerOf(backend.received().get(0), "X-Request-Id"));
            assertThat(record.load().listener()).isEqualTo(1);
            assertThat(record.load().pool()).isZero();
            assertThat(Math.abs(System.currentTimeMillis() - record.startMillis()))
                    .isLessThan(20_000);
        }
    }

    private static String headerOf(String head, String name) {
        return new Response(head, "").header(name);
    }

    @Test
    void timesAddUp() throws IOException {
        try (LoopbackBackend backend = backend(conversation -> conversation.write(OK));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + "\r\n").readResponse();
            client.send(GET);
            // Nothing tells when the proxy has read the first half; a later second half only makes the head longer.
            Await.until("the first is told", () -> proxy.awaitRecords(1).size() == 1);
            client.send("\r\n").readResponse();
            List<AccessRecord> records = proxy.awaitRecords(2);

            assertThat(records).allSatisfy(record -> {
                AccessRecord.Timers timers = record.timers();
                assertThat(timers.queue()).isZero();
                assertThat(timers.head()).isNotNegative();
                assertThat(timers.connect()).isNotNegative();
                assertThat(timers.firstByte()).isPositive();
                assertThat(timers.self()).isPositive().isLessThanOrEqualTo(timers.total());
                assertThat(timers.head() + timers.connect() + timers.firstByte())
                        .isLessThanOrEqualTo(timers.total());
            });
            assertThat(records.get(0).timers().connect()).isPositive();
            assertThat(records.get(1).timers().connect()).isZero();
        }
    }

    @Test
    void aBodyCountsAsItWasSent() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.read(16);
                    conversation.write(OK);
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            String head = "POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n";
            client.send(head);
            client.send("6\r\nabcdef\r\n0\r\n\r\n").readResponse();

            assertThat(onlyRecord().bytesIn()).isEqualTo(head.length() + 16);
        }
    }

    @Test
    void capturedFieldsAreTheLastOfTheirName() throws IOException {
        proxy.with(AccessConfig.DEFAULT
                .with()
                .requestHeaders(List.of(new Capture("x-a", 3), new Capture("X-None", 9)))
                .responseHeaders(List.of(new Capture("server", 20)))
                .build());
        try (LoopbackBackend backend = backend(conversation -> conversation.write(OK));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + "X-A: first\r\nX-A: second\r\n\r\n").readResponse();

            assertThat(onlyRecord().requestHeaders()).containsExactly("sec", "");
            assertThat(onlyRecord().responseHeaders()).containsExactly("s");
        }
    }

    @Test
    void aLongTargetIsCutAndSaysSo() throws IOException {
        try (LoopbackBackend backend = backend(conversation -> conversation.write(OK));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET /" + "x".repeat(3_000) + " HTTP/1.1\r\nHost: web\r\n\r\n")
                    .readResponse();

            assertThat(Objects.requireNonNull(onlyRecord().request()).target())
                    .isEqualTo("/" + "x".repeat(2_047) + "...[+953]");
        }
    }

    @Test
    void anAbsoluteTargetIsToldAsItCame() throws IOException {
        try (LoopbackBackend backend = backend(conversation -> conversation.write(OK));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("GET http://other/x HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();

            assertThat(Objects.requireNonNull(onlyRecord().request()).target()).isEqualTo("http://other/x");
        }
    }

    @Test
    void aRefusedRequestIsToldWithItsRule() throws IOException {
        try (RawClient client = RawClient.to(proxy.start().port())) {
            String answer =
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").readToEnd();
            AccessRecord record = onlyRecord();

            assertFailed(record, Failure.MALFORMED_REQUEST, 400, "PR");
            assertThat(record.rule()).isEqualTo("host");
            assertThat(record.request()).isNull();
            assertThat(record.timers().head()).isEqualTo(AccessRecord.NOT_REACHED);
            assertThat(record.bytesIn()).isEqualTo(36);
            assertThat(record.bytesOut()).isEqualTo(answer.length());
            assertThat(proxy.server().refusedRequests(Violation.HOST)).isEqualTo(1);
        }
    }

    @Test
    void aRefusedBodyIsToldWithItsRule() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.in().transferTo(OutputStream.nullOutputStream());
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send("POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
                    .readToEnd();

            assertFailed(onlyRecord(), Failure.MALFORMED_REQUEST, 400, "PH");
            assertThat(onlyRecord().rule()).isEqualTo("chunk");
            assertThat(proxy.server().refusedRequests(Violation.CHUNK)).isEqualTo(1);
        }
    }

    @Test
    void aHeadThatNeverEndsIsTold() throws IOException {
        Duration limit = Duration.ofMillis(700);
        proxy.with(ClientConfig.DEFAULT.with().requestTimeout(limit).build());
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send("GET /").readToEnd();

            assertFailed(onlyRecord(), Failure.REQUEST_TIMEOUT, 408, "cR");
            assertThat(onlyRecord().timers().total()).isGreaterThanOrEqualTo(80_000_000);
            assertThat(onlyRecord().bytesIn()).isEqualTo(5);
        }
    }

    @Test
    void aClientThatLeavesInItsHeadIsTold() throws IOException {
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send("GET /").endOutput().readToEnd();

            assertFailed(onlyRecord(), Failure.CLIENT_GONE, -1, "CR");
        }
    }

    @Test
    void aConnectionWithoutAByteIsToldOnlyIfAskedFor() throws IOException {
        proxy.with(AccessConfig.DEFAULT.with().skipsEmpty(false).build());
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.endOutput().readToEnd();

            assertFailed(onlyRecord(), Failure.CLIENT_GONE, -1, "CR");
            assertThat(onlyRecord().bytesIn()).isZero();
        }
        proxy.with(AccessConfig.DEFAULT).start();
        try (RawClient client = RawClient.to(proxy.port())) {
            client.endOutput().readToEnd();
        }
        try (RawClient client = RawClient.to(proxy.port())) {
            client.send(GET + "\r\n").readResponse();
        }
        assertThat(proxy.awaitRecords(2).get(1).status()).isEqualTo(503);
    }

    @Test
    void aPoolWithoutMembersIsTold() throws IOException {
        try (RawClient client = RawClient.to(proxy.start().port())) {
            client.send(GET + "\r\n").readResponse();

            assertFailed(onlyRecord(), Failure.NO_MEMBER, 503, "SC");
            assertThat(onlyRecord().timers().queue()).isEqualTo(AccessRecord.NOT_REACHED);
            assertThat(onlyRecord().member()).isNull();
        }
    }

    @Test
    void attemptsOnDeadMembersAreTold() throws IOException {
        proxy.with(IMPATIENT);
        List<Integer> dead = FreePorts.some(2);
        try (RawClient client =
                RawClient.to(proxy.start(dead.get(0), dead.get(1)).port())) {
            client.send(GET + "\r\n").readResponse();

            assertFailed(onlyRecord(), Failure.CONNECT_FAILED, 503, "SC");
            assertThat(onlyRecord().retries()).isEqualTo(1);
            assertThat(onlyRecord().redispatched()).isTrue();
            assertThat(onlyRecord().timers().connect()).isEqualTo(AccessRecord.NOT_REACHED);
            assertThat(onlyRecord().member()).isNotNull();
        }
    }

    @Test
    void aSecondAttemptThatHelpsIsTold() throws IOException {
        proxy.with(UpstreamConfig.DEFAULT.with().retries(1).build());
        try (LoopbackBackend backend = backend(conversation -> conversation.write(OK))) {
            proxy.start(FreePorts.one(), backend.port());
            for (int i = 0; i < 2; i++) {
                try (RawClient client = RawClient.to(proxy.port())) {
                    assertThat(client.send(GET + "\r\n").readResponse().status())
                            .isEqualTo(200);
                }
            }

            assertThat(proxy.awaitRecords(2)).anySatisfy(record -> {
                assertThat(record.retries()).isEqualTo(1);
                assertThat(record.redispatched()).isTrue();
                assertThat(record.normal()).isFalse();
                assertThat(record.failure()).isNull();
                assertThat(Objects.requireNonNull(record.member()).port()).isEqualTo(backend.port());
            });
        }
    }

    @Test
    void aSilentMemberIsTold() throws IOException {
        proxy.with(IMPATIENT);
        try (LoopbackBackend backend = LoopbackBackend.running(
                        conversation -> conversation.in().transferTo(OutputStream.nullOutputStream()));
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + "\r\n").readResponse();

            assertFailed(onlyRecord(), Failure.RESPONSE_TIMEOUT, 504, "sH");
            assertThat(onlyRecord().timers().firstByte()).isEqualTo(AccessRecord.NOT_REACHED);
            assertThat(onlyRecord().timers().connect()).isPositive();
        }
    }

    @Test
    void aMemberThatFallsSilentInItsBodyIsTold() throws IOException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx");
                    conversation.in().transferTo(OutputStream.nullOutputStream());
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            assertThat(client.send(GET + "\r\n").socket().getInputStream().read())
                    .isEqualTo('H');
            clock.skip(UpstreamConfig.DEFAULT.serverTimeout().plusSeconds(1));
            client.readToEnd();

            assertFailed(onlyRecord(), Failure.RESPONSE_TRUNCATED, 200, "sD");
        }
    }

    @Test
    void aMemberThatHangsUpIsTold() throws IOException {
        assertFailed(recordOf(conversation -> conversation.socket().close()), Failure.UPSTREAM_CLOSED, 502, "SH");
    }

    @Test
    void aMemberThatTalksNonsenseIsTold() throws IOException {
        AccessRecord record = recordOf(conversation -> {
            conversation.write("nonsense and more of it\r\n\r\n");
            conversation.socket().close();
        });

        assertFailed(record, Failure.MALFORMED_RESPONSE, 502, "PH");
        assertThat(record.rule()).isEqualTo("status_line");
        assertThat(proxy.server().refusedResponses(Violation.STATUS_LINE)).isEqualTo(1);
        assertThat(proxy.server().refusedRequests(Violation.STATUS_LINE)).isZero();
    }

    @Test
    void aMemberThatSwitchesUnaskedIsTold() throws IOException {
        AccessRecord record = recordOf(conversation -> {
            conversation.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
            conversation.socket().close();
        });

        assertThat(record.rule()).isEqualTo("switching_protocols");
        assertThat(proxy.server().refusedResponses(Violation.SWITCHING_PROTOCOLS))
                .isEqualTo(1);
    }

    @Test
    void aResponseThatBreaksOffIsTold() throws IOException {
        AccessRecord record = recordOf(conversation -> {
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            conversation.socket().close();
        });

        assertFailed(record, Failure.RESPONSE_TRUNCATED, 200, "SD");
    }

    @Test
    void aChunkThatIsNoneIsTold() throws IOException {
        AccessRecord record = recordOf(conversation -> {
            conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
            conversation.socket().close();
        });

        assertFailed(record, Failure.RESPONSE_TRUNCATED, 200, "PD");
        assertThat(record.rule()).isEqualTo("chunk");
    }

    @Test
    void aClientThatLeavesEarlyIsTold() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.in().transferTo(OutputStream.nullOutputStream());
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + "\r\n");
            backend.awaitRequest();
            client.socket().setSoLinger(true, 0);
            client.hangUp();

            assertFailed(onlyRecord(), Failure.CLIENT_GONE, -1, "CH");
        }
    }

    @Test
    void whatIsCutByADrainIsTold() throws IOException, InterruptedException {
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    conversation.readHead();
                    conversation.in().transferTo(OutputStream.nullOutputStream());
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + "\r\n");
            backend.awaitRequest();
            proxy.server().drain(Duration.ZERO);

            assertFailed(onlyRecord(), Failure.PROXY_STOPPED, -1, "KH");
        }
    }

    @Test
    void whatWentWellMayBeLeftOut() throws IOException {
        proxy.with(AccessConfig.DEFAULT.with().skipsNormal(true).build());
        try (LoopbackBackend backend = LoopbackBackend.running(conversation -> {
                    for (String head = conversation.readRequest(); !head.isEmpty(); head = conversation.readRequest()) {
                        conversation.write(head.contains("/bad") ? OK.replace("200 OK", "500 Oops") : OK);
                    }
                });
                RawClient client = RawClient.to(proxy.start(backend.port()).port())) {
            client.send(GET + "\r\n").readResponse();
            client.send("GET /bad HTTP/1.1\r\nHost: web\r\n\r\n").readResponse();
            client.send(GET + "\r\n").readResponse();

            assertThat(onlyRecord().status()).isEqualTo(500);
            assertThat(onlyRecord().failure()).isNull();
        }
    }

    @Test
    void aWaitForAMemberIsTold() throws IOException, InterruptedException {
        Gate gate = new Gate();
        proxy.with(new QueueConfig(1, 1, Slots.UNLIMITED, Duration.ofSeconds(20)));
        try (LoopbackBackend backend = backend(conversation -> {
                    gate.pass();
                    conversation.write(OK);
                });
                RawClient first =
                        RawClient.to(proxy.start(backend.port()).port()).send(GET + "\r\n");
                RawClient second = RawClient.to(proxy.port())) {
            backend.awaitRequest();
            second.send(GET + "\r\n");
            awaitWaiting();
            gate.letOne();
            first.readResponse();
            // The slot is passed on before the record is written.
            proxy.awaitRecords(1);
            gate.open();
            second.readResponse();

            List<AccessRecord> records = proxy.awaitRecords(2);
            assertThat(records.get(0).timers().queue()).isZero();
            assertThat(records.get(1).timers().queue()).isPositive();
            assertThat(records.get(1).timers().connect()).isNotNegative();
            assertThat(records.get(1).termination()).isEqualTo("--");
        }
    }

    @Test
    void aWaitInVainIsTold() throws IOException, InterruptedException {
        Gate gate = new Gate();
        Duration limit = Duration.ofSeconds(20);
        proxy.with(new QueueConfig(1, 1, 1, limit));
        try (LoopbackBackend backend = backend(conversation -> {
                    gate.pass();
                    conversation.write(OK);
                });
                RawClient first =
                        RawClient.to(proxy.start(backend.port()).port()).send(GET + "\r\n");
                RawClient patient = RawClient.to(proxy.port());
                RawClient late = RawClient.to(proxy.port())) {
            backend.awaitRequest();
            patient.send(GET + "\r\n");
            awaitWaiting();
            late.send(GET + "\r\n").readResponse();
            proxy.awaitRecords(1);
            clock.skip(limit);
            patient.readResponse();
            proxy.awaitRecords(2);
            gate.open();
            first.readResponse();

            List<AccessRecord> records = proxy.awaitRecords(3);
            assertFailed(records.get(0), Failure.QUEUE_FULL, 503, "PQ");
            assertFailed(records.get(1), Failure.QUEUE_TIMEOUT, 503, "sQ");
            assertThat(records.get(1).timers().queue()).isGreaterThanOrEqualTo(limit.toNanos());
            assertThat(records.get(1).timers().connect()).isEqualTo(AccessRecord.NOT_REACHED);
        }
    }

    private void awaitWaiting() {
        Await.until("one waits", () -> {
            WaitingLine line = proxy.pool().snapshot().line();
            return line != null && line.waiting() == 1 && line.mostWaiting() == 1;
        });
    }
}

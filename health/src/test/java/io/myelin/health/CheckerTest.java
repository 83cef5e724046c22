package io.myelin.health;

import static io.myelin.health.ScriptedServer.answering;
import static io.myelin.health.ScriptedServer.readRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.RecordingSink.Delivery;
import io.myelin.health.ScriptedServer.Script;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointId;
import io.myelin.model.HealthVerdict.State;
import io.myelin.model.RandomSource;
import io.myelin.testing.Await;
import io.myelin.testing.FakeClock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CheckerTest {
    private static final String OK = "HTTP/1.0 200 X\r\n\r\nOK";
    private static final String LACKING = "HTTP/1.0 200 X\r\n\r\nno";
    private static final String ERROR = "HTTP/1.0 500 X\r\n\r\nno";

    private final FakeClock clock = new FakeClock();
    private final RecordingSink sink = new RecordingSink();
    private final List<ScriptedServer> servers = new ArrayList<>();
    private final Checker checker = new Checker(1, clock, RandomSource.SYSTEM);

    @AfterEach
    void closeAll() throws IOException {
        checker.close();
        for (ScriptedServer server : servers) {
            server.close();
        }
    }

    @Test
    void followsRiseAndFallAndReportsEveryNewReason() throws IOException, InterruptedException {
        Endpoint endpoint = endpoint(inTurn(OK, ERROR, OK, ERROR, LACKING, OK, OK, LACKING, OK, OK, OK));
        ServiceChecks checks = checker.watch("web", Checks.often(3, 2, Checks.get(Checks.CONTAINS_OK)), sink);

        checks.reconcile(List.of(endpoint));

        assertThat(nextTexts(9))
                .containsExactly(
                        "PASSING http 200",
                        "PASSING http 500, body lacks \"OK\"",
                        "PASSING http 200",
                        "PASSING http 500, body lacks \"OK\"",
                        "FAILING http 200, body lacks \"OK\"",
                        "FAILING http 200",
                        "FAILING http 200, body lacks \"OK\"",
                        "FAILING http 200",
                        "PASSING http 200");
        assertThat(checks.total(CheckCounter.TRANSITIONS)).isEqualTo(3);
        assertThat(checks.total(CheckCounter.PASSED)).isGreaterThanOrEqualTo(7);
        assertThat(checks.total(CheckCounter.FAILED)).isEqualTo(4);
        assertThat(checks.total(CheckCounter.RUN)).isGreaterThanOrEqualTo(11);
        assertThat(checker.total("web", CheckCounter.FAILED)).isEqualTo(4);
        assertThat(checker.total("other", CheckCounter.FAILED)).isZero();
    }

    @Test
    void theFirstFailureOfANewEndpointIsEnough() throws IOException, InterruptedException {
        Endpoint endpoint = endpoint(inTurn(ERROR));
        ServiceChecks checks = checker.watch("web", Checks.often(3, 2, Checks.get(Expectation.SUCCESS)), sink);

        checks.reconcile(List.of(endpoint));

        assertThat(sink.next().text()).isEqualTo("FAILING http 500");
        CheckReport report = checks.report(endpoint.id());
        assertThat(report).isNotNull();
        assertThat(report.progress()).isEqualTo("DOWN");
        assertThat(report.status()).isEqualTo(CheckStatus.L7STS);
        assertThat(report.code()).isEqualTo(500);
    }

    @Test
    void aVerdictKeepsTheMomentItsStateBegan() throws IOException, InterruptedException {
        long start = clock.wallMillis();
        Script movingTime = client -> {
            clock.advance(Duration.ofSeconds(1));
            inTurn(OK).serve(client);
        };
        Script failing = inTurn(ERROR, LACKING);
        AtomicInteger served = new AtomicInteger();
        Endpoint endpoint = endpoint(client -> (served.incrementAndGet() == 1 ? movingTime : failing).serve(client));
        ServiceChecks checks = checker.watch("web", Checks.often(1, 3, Checks.get(Checks.CONTAINS_OK)), sink);

        checks.reconcile(List.of(endpoint));
        List<Delivery> deliveries = List.of(sink.next(), sink.next(), sink.next());

        assertThat(deliveries).extracting(Delivery::text).doesNotHaveDuplicates();
        assertThat(deliveries)
                .extracting(delivery -> delivery.verdict().sinceMillis())
                .containsOnly(start + 1_000);
    }

    @Test
    void endpointsThatStayKeepTheirState() throws IOException, InterruptedException {
        AtomicInteger served = new AtomicInteger();
        Script firstOnlyPasses = inTurn(OK, ERROR);
        Endpoint staying = endpoint(client -> {
            served.incrementAndGet();
            firstOnlyPasses.serve(client);
        });
        Endpoint leaving = Endpoint.of("leaving", "127.0.0.1", staying.port());
        ServiceChecks checks =
                checker.watch("web", Checks.often(1, Integer.MAX_VALUE, Checks.get(Expectation.SUCCESS)), sink);
        checks.reconcile(List.of(staying));
        assertThat(sink.next().text()).isEqualTo("PASSING http 200");

        checks.reconcile(List.of(leaving, staying.withSequence(7L)));
        checks.reconcile(List.of(staying.withSequence(8L)));

        // A fresh start would conclude FAILING from the very next answer.
        Delivery next = sink.next();
        while (next.endpoint().equals(leaving.id())) {
            next = sink.next();
        }
        assertThat(next.verdict().state()).isEqualTo(State.PASSING);
        assertThat(checks.report(leaving.id())).isNull();
    }

    @Test
    void anEndpointThatReturnsStartsAfresh() throws IOException, InterruptedException {
        Endpoint endpoint = endpoint(inTurn(OK, ERROR));
        ServiceChecks checks =
                checker.watch("web", Checks.often(1, Integer.MAX_VALUE, Checks.get(Expectation.SUCCESS)), sink);
        checks.reconcile(List.of(endpoint));
        assertThat(sink.next().text()).isEqualTo("PASSING http 200");
        assertThat(sink.next().text()).isEqualTo("PASSING http 500");

        checks.reconcile(List.of());
        checks.reconcile(List.of(endpoint));

        assertThat(sink.next().text()).isEqualTo("FAILING http 500");
    }

    @Test
    void aRemovedEndpointIsHeardOfNoMore() throws IOException, InterruptedException {
        nothingArrivesAfter(checks -> checks.reconcile(List.of()));
    }

    @Test
    void closedChecksAreHeardOfNoMore() throws IOException, InterruptedException {
        nothingArrivesAfter(ServiceChecks::close);
    }

    /** Lets a check wait for its answer, ends it, and shows that the answer would have come but was not told. */
    private void nothingArrivesAfter(Consumer<ServiceChecks> end) throws IOException, InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Integer> connectionEnd = new CompletableFuture<>();
        Endpoint endpoint = endpoint(client -> {
            readRequest(client);
            asked.countDown();
            connectionEnd.complete(client.getInputStream().read());
        });
        ServiceChecks checks = checker.watch("web", Checks.often(1, 1, Checks.get(Expectation.SUCCESS)), sink);
        checks.reconcile(List.of(endpoint));
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();

        end.accept(checks);

        assertThat(connectionEnd.orTimeout(5, TimeUnit.SECONDS).join()).isEqualTo(-1);
        RecordingSink later = new RecordingSink();
        checker.watch("other", Checks.often(1, 1, null), later).reconcile(List.of(endpoint));
        assertThat(later.next().verdict().state()).isEqualTo(State.PASSING);
        assertThat(sink.rest()).isEmpty();
        assertThat(checks.total(CheckCounter.RUN)).isEqualTo(1);
    }

    @Test
    void closedChecksStartNothing() throws IOException, InterruptedException {
        ServiceChecks checks = checker.watch("web", Checks.often(1, 1, null), sink);
        checks.close();

        checks.reconcile(List.of(endpoint(inTurn(OK))));
        checks.reconfigure(Checks.often(1, 1, Checks.get(Expectation.SUCCESS)));

        RecordingSink later = new RecordingSink();
        checker.watch("other", Checks.often(1, 1, null), later).reconcile(List.of(endpoint(inTurn(OK))));
        later.next();
        assertThat(sink.rest()).isEmpty();
        assertThat(checks.total(CheckCounter.RUN)).isZero();
    }

    @Test
    void aClosedCheckerWatchesNothing() {
        checker.close();

        assertThatThrownBy(() -> checker.watch("web", Checks.often(1, 1, null), sink))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("checks of service web (expected: an open checker)");
    }

    @Test
    void anotherConfigurationKeepsTheConclusionUntilChecksContradictIt() throws IOException, InterruptedException {
        Endpoint endpoint = endpoint(inTurn(ERROR));
        ServiceChecks checks = checker.watch("web", Checks.often(2, 2, Checks.get(Expectation.SUCCESS)), sink);
        checks.reconcile(List.of(endpoint));
        assertThat(sink.next().text()).isEqualTo("FAILING http 500");

        checks.reconfigure(Checks.often(2, 2, null));

        assertThat(nextTexts(2)).containsExactly("FAILING connected", "PASSING connected");
    }

    @Test
    void checksAnotherPortIfToldTo() throws IOException, InterruptedException {
        Endpoint endpoint = endpoint(inTurn(OK));
        CheckConfig elsewhere = Checks.often(1, 1, Checks.get(Checks.CONTAINS_OK))
                .with()
                .port(endpoint.port())
                .build();

        checker.watch("web", elsewhere, sink).reconcile(List.of(Endpoint.of("a", "127.0.0.1", 1)));

        assertThat(sink.next().text()).isEqualTo("PASSING http 200");
    }

    @Test
    void aSinkThatThrowsDoesNotEndTheChecks() throws IOException, InterruptedException {
        CountDownLatch deliveries = new CountDownLatch(3);
        ServiceChecks checks =
                checker.watch("web", Checks.often(1, 1, Checks.get(Expectation.SUCCESS)), (endpoint, verdict) -> {
                    deliveries.countDown();
                    throw new IllegalStateException("provoked by the test");
                });

        checks.reconcile(List.of(endpoint(inTurn(OK, ERROR, OK))));

        assertThat(deliveries.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aHostThatCannotBeResolvedFails() throws IOException, InterruptedException {
        HostNames.Lookup unknown = host -> {
            throw new UnknownHostException(host);
        };
        try (Checker named = new Checker(1, clock, RandomSource.SYSTEM, unknown)) {
            named.watch("web", Checks.often(1, 1, null), sink).reconcile(List.of(Endpoint.of("", "nowhere", 80)));

            assertThat(sink.next().text()).isEqualTo("FAILING cannot resolve host nowhere");
        }
    }

    @Test
    void aResolverThatHangsFailsItsEndpointsAndIsAskedOnce() throws IOException, InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger lookups = new AtomicInteger();
        HostNames.Lookup hanging = host -> {
            lookups.incrementAndGet();
            awaitUninterrupted(release);
            return InetAddress.getLoopbackAddress();
        };
        CheckConfig often = Checks.often(1, 1, null);
        Duration soon = Duration.ofMillis(10);
        CheckConfig impatient = CheckConfig.every(soon).with().rise(1).fall(1).build();
        Endpoint endpoint = Endpoint.of("", "slow", endpoint(inTurn(OK)).port());
        try (Checker named = new Checker(1, clock, RandomSource.SYSTEM, hanging)) {
            ServiceChecks checks = named.watch("web", impatient, sink);
            checks.reconcile(List.of(endpoint, Endpoint.of("twin", "slow", endpoint.port())));

            assertThat(nextTexts(2)).containsOnly("FAILING cannot resolve host slow");
            Await.until("it is looked up", () -> lookups.get() > 0);
            assertThat(lookups).hasValue(1);

            checks.reconfigure(often);
            release.countDown();
            assertThat(nextTexts(2)).containsOnly("PASSING connected");
        }
    }

    @Test
    void aThousandEndpointsShareTwoThreads() throws IOException, InterruptedException {
        Endpoint server = endpoint(inTurn(OK));
        List<Endpoint> endpoints = IntStream.range(0, 1_000)
                .mapToObj(i -> Endpoint.of("e" + i, "127.0.0.1", server.port()))
                .toList();
        Duration interval = Duration.ofMillis(500);
        Duration limit = Duration.ofSeconds(10);
        CheckConfig config = CheckConfig.every(interval)
                .with()
                .rise(1)
                .fall(1)
                .connectTimeout(limit)
                .readTimeout(limit)
                .http(Checks.get(Checks.CONTAINS_OK))
                .build();
        long before = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
        try (Checker shared = new Checker(2, Clock.SYSTEM, RandomSource.SYSTEM)) {
            shared.watch("web", config, sink).reconcile(endpoints);

            Set<EndpointId> passing = new HashSet<>();
            while (passing.size() < endpoints.size()) {
                Delivery delivery = sink.next();
                assertThat(delivery.text()).isEqualTo("PASSING http 200");
                passing.add(delivery.endpoint());
            }
            assertThat(sink.threads()).extracting(Thread::getName).containsExactlyInAnyOrder("health-0", "health-1");
            assertThat(ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before)
                    .isLessThan(10);
        }
    }

    @Test
    void refusesToRunWithoutThreads() {
        assertThatThrownBy(() -> new Checker(0, clock, RandomSource.SYSTEM))
                .hasMessage("health threads: 0 (expected: >= 1)");
    }

    private List<String> nextTexts(int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(sink.next().text());
        }
        return texts;
    }

    private Endpoint endpoint(Script script) throws IOException {
        ScriptedServer server = new ScriptedServer(script);
        servers.add(server);
        return Endpoint.of("", "127.0.0.1", server.port());
    }

    /** Gives one answer to each client, and the last one to all that follow. */
    private static Script inTurn(String... answers) {
        AtomicInteger next = new AtomicInteger();
        return client -> answering(answers[Math.min(next.getAndIncrement(), answers.length - 1)])
                .serve(client);
    }

    private static void awaitUninterrupted(CountDownLatch latch) throws UnknownHostException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new UnknownHostException("interrupted");
        }
    }
}

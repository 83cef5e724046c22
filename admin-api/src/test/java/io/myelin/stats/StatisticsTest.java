package io.myelin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.health.ServiceChecks;
import io.myelin.httpd.Bodies;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.Protocol;
import io.myelin.model.RandomSource;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import io.myelin.server.ProcessConnections;
import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final Endpoint A = Endpoint.of("a", "10.0.0.1", 80);
    private static final Endpoint B = Endpoint.of("b", "10.0.0.2", 80);

    private final FakeClock clock = new FakeClock();
    private final QueuedExecutor control = new QueuedExecutor();
    private final Pool pool = new Pool(PoolConfig.named("web"), control, clock, RandomSource.SYSTEM, 1);
    private final Statistics statistics = new Statistics(new OnePool(), clock);

    /** A process with one pool and one listener that belongs to it. */
    private final class OnePool implements StatsView {
        @Override
        public List<Pool> pools() {
            return List.of(pool);
        }

        @Override
        public @Nullable Pool pool(String name) {
            return pool;
        }

        @Override
        public List<ListenerStatus> listeners() {
            return List.of(
                    new ListenerStatus("web", new BindAddress("::", 80), true, 80, Protocol.HTTP, 3, 12, null),
                    new ListenerStatus("edge", new BindAddress("::", 81), false, 0, Protocol.TCP, 0, 0, "in use"));
        }

        @Override
        public @Nullable ServiceChecks checks(String service) {
            return null;
        }

        @Override
        public ProcessConnections connections() {
            return new ProcessConnections(3, 0);
        }

        @Override
        public String version() {
            return "1.2.3";
        }
    }

    @AfterEach
    void close() {
        statistics.close();
    }

    @Test
    void theLinesOfAProxyAreInHaproxysOrder() {
        deliver(A, B);

        assertThat(lines())
                .extracting(line -> line.get("# pxname") + " " + line.get("svname") + " " + line.get("type"))
                .containsExactly(
                        "web FRONTEND 0",
                        "web a_10.0.0.1:80 2",
                        "web b_10.0.0.2:80 2",
                        "web BACKEND 1",
                        "edge FRONTEND 0");
        assertThat(lines()).extracting(line -> line.get("status")).endsWith("UP", "STOP");
        assertThat(lines()).extracting(line -> line.get("mode")).endsWith("http", "tcp");
    }

    @Test
    void whatIsNotKnownStaysEmpty() {
        deliver(A);

        Map<String, String> server = lines().get(1);

        assertThat(server)
                .containsEntry("slim", "")
                .containsEntry("tracked", "")
                .containsEntry("check_status", "");
        assertThat(server)
                .containsEntry("scur", "0")
                .containsEntry("weight", "1")
                .containsEntry("pid", "1");
    }

    @Test
    void aMemberIsKnownByItsNumberInThePool() {
        deliver(A.withOptions("check id 9"), B);

        assertThat(lines()).extracting(line -> line.get("sid")).startsWith("", "9", "1", "0");
    }

    @Test
    void theMostAtOnceAndRatesAreAsLookingShows() {
        deliver(A);
        statistics.look();
        serve(A, 5, 40);
        clock.advance(Duration.ofSeconds(2));
        statistics.look();
        serve(A, -4, 0);
        clock.advance(Duration.ofSeconds(2));
        statistics.look();

        Map<String, String> server = lines().get(1);

        assertThat(server).containsEntry("scur", "1").containsEntry("smax", "5");
        assertThat(server).containsEntry("rate_max", "20").containsEntry("stot", "40");
    }

    @Test
    void operatorsLetCountingBeginAnew() {
        deliver(A);
        serve(A, 5, 40);
        statistics.look();
        statistics.clearAll();
        serve(A, -3, 2);

        Map<String, String> server = lines().get(1);

        assertThat(server).containsEntry("stot", "2").containsEntry("scur", "2").containsEntry("smax", "2");
    }

    @Test
    void aValueWithACommaIsOneValue() {
        deliver(Endpoint.of("x,\"y\"", "10.0.0.1", 80));

        assertThat(Bodies.read(statistics.csv(StatsQuery.ALL))).contains(",\"x,\"\"y\"\"_10.0.0.1:80\",");
    }

    @Test
    void timesAreSecondsSinceTheLastChange() {
        deliver(A);
        clock.advance(Duration.ofSeconds(7));

        assertThat(lines()).extracting(line -> line.get("lastchg")).startsWith("", "7", "7");
    }

    private void deliver(Endpoint... endpoints) {
        pool.replace(new EndpointSet("web", List.of(endpoints), "test"));
        control.runAll();
    }

    private void serve(Endpoint endpoint, int inFlight, int requests) {
        Member member = pool.snapshot().members().stream()
                .filter(one -> one.id().equals(endpoint.id()))
                .findFirst()
                .orElseThrow();
        member.load(0).counters().add(MemberCounter.IN_FLIGHT, inFlight);
        member.load(0).counters().add(MemberCounter.REQUESTS, requests);
    }

    private List<Map<String, String>> lines() {
        return PaastaReader.lines(Bodies.read(statistics.csv(StatsQuery.ALL)));
    }
}

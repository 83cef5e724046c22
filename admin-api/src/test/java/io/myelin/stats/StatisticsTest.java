package io.myelin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
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
import io.myelin.stats.StatsQuery.Hidden;
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
    void aMemberThatIsGoneLeavesNoLineBehind() {
        deliver(A, B);
        serve(A, 1, 10);
        statistics.look();
        deliver(B);
        assertThat(lines()).extracting(line -> line.get("svname")).doesNotContain("a_10.0.0.1:80");

        deliver(A, B);

        assertThat(lines().get(1)).containsEntry("svname", "a_10.0.0.1:80").containsEntry("stot", "0");
    }

    @Test
    void aBackendHasTheNameThatHaproxyWouldKnow() {
        deliver(A);
        pool.reconfigure(PoolConfig.named("web").with().alias("farm").build());
        control.runAll();

        assertThat(lines())
                .extracting(line -> line.get("# pxname") + " " + line.get("svname"))
                .containsExactly("web FRONTEND", "farm a_10.0.0.1:80", "farm BACKEND", "edge FRONTEND");
        assertThat(PaastaReader.lines(Bodies.read(statistics.csv(StatsQuery.of("csv;scope=farm")))))
                .hasSize(2);
        assertThat(PaastaReader.lines(Bodies.read(statistics.csv(StatsQuery.of("csv;scope=web")))))
                .hasSize(1);
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

        assertThat(lines()).extracting(line -> line.get("sid")).startsWith("0", "9", "1", "0");
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
    void everyValueIsToldWithItsType() {
        deliver(A);

        assertThat(Bodies.read(statistics.typed(StatsQuery.ALL)).lines())
                .contains(
                        "F.1.0.0.pxname.1:KNS:str:web",
                        "S.2.1.1.svname.1:KNS:str:a_10.0.0.1:80",
                        "S.2.1.19.act.1:SGP:u32:1",
                        "S.2.1.55.lastsess.1:MAP:s32:-1",
                        "B.2.0.19.act.1:MGP:u32:1",
                        "B.2.0.76.algo.1:CGS:str:roundrobin",
                        "F.3.0.17.status.1:SGP:str:STOP");
    }

    @Test
    void theSameIsToldInJson() throws JsonProcessingException {
        deliver(Endpoint.of("x\"y", "10.0.0.1", 80));

        JsonNode rows = new JsonMapper().readTree(Bodies.read(statistics.json(StatsQuery.ALL)));

        assertThat(rows).hasSize(4);
        assertThat(rows.get(1).get(1).path("value").path("value").asText()).isEqualTo("x\"y_10.0.0.1:80");
        assertThat(rows.get(1).get(1).path("objType").asText()).isEqualTo("Server");
        assertThat(new JsonMapper()
                        .readTree(
                                Bodies.read(statistics.json(StatsQuery.ALL.selecting(List.of("nobody", "-1", "-1"))))))
                .isEmpty();
    }

    @Test
    void serversThatRestAreLeftOutOnDemand() {
        deliver(A, B);
        pool.rest(B.id(), AdminState.MAINT);
        control.runAll();

        assertThat(Bodies.read(statistics.csv(StatsQuery.ALL.hiding(Hidden.IN_MAINTENANCE)))
                        .lines())
                .hasSize(5)
                .noneMatch(line -> line.contains("b_10.0.0.2"));
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

package io.myelin.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.balance.Member;
import io.myelin.balance.MemberCounter;
import io.myelin.failure.Failure;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.SourceStatus;
import io.myelin.pool.LabelFilter;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.Selection;
import io.myelin.server.BindAddress;
import io.myelin.server.ProcessConnections;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ServiceResourceTest {
    private final World world = new World();
    private AdminServer server;
    private AdminClient client;

    @BeforeEach
    void start() throws AdminBindException {
        server = AdminServer.start(new BindAddress("127.0.0.1", 0), world.process, world.clock);
        client = AdminClient.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsPoolsAndBrokenServicesByName() throws Exception {
        world.mixedPool("web");
        world.process.broken.add(new BrokenService("api", List.of("a.yaml:3:5: port: 0 (expected: 1..65535)")));

        JsonNode services = client.json("/api/v1/services");

        assertThat(services).hasSize(2);
        assertThat(services.findValuesAsText("name")).containsExactly("api", "web");
        JsonNode broken = services.get(0);
        assertThat(broken.path("state").asText()).isEqualTo("broken");
        assertThat(broken.path("problems").get(0).asText()).isEqualTo("a.yaml:3:5: port: 0 (expected: 1..65535)");
        assertThat(broken.path("snapshot").isNull()).isTrue();
        assertThat(services.get(1).path("state").asText()).isEqualTo("degraded");
        assertThat(services.get(1).path("memberCounts").toString())
                .isEqualTo("{\"total\":5,\"eligible\":1,\"up\":1,\"down\":1,\"draining\":1,\"notEligible\":2}");
    }

    @Test
    void tellsWhatProbesFoundOfAMember() throws Exception {
        world.mixedPool("web");
        String id = client.json("/api/v1/services/web")
                .path("members")
                .get(0)
                .path("id")
                .asText();
        world.process.probed.add(new ProbedInstance(
                "web",
                id,
                List.of(new ProbedInstance.Probe(
                        "readiness", "GET http://10.0.0.1/ready", "failed", "http 500", 7, null, 3, 4, 5)),
                new ProbedInstance.Hook(2, 1, 0, "exit code 3", null, null)));

        JsonNode members = client.json("/api/v1/services/web").path("members");

        JsonNode probe = members.get(0).path("probes").get(0);
        assertThat(probe.path("probe").asText()).isEqualTo("readiness");
        assertThat(probe.path("result").asText()).isEqualTo("failed");
        assertThat(probe.path("reason").asText()).isEqualTo("http 500");
        assertThat(probe.path("latencyMillis").asInt()).isEqualTo(7);
        assertThat(probe.path("streak").asInt()).isEqualTo(3);
        assertThat(members.get(0).path("restartHook").path("result").asText()).isEqualTo("exit code 3");
        assertThat(members.get(1).path("probes")).isEmpty();
        assertThat(members.get(1).path("restartHook").isNull()).isTrue();
    }

    @Test
    void tellsEveryMembersStateAndWhy() throws Exception {
        world.mixedPool("web");
        world.clock.advance(Duration.ofSeconds(90));

        JsonNode members = client.json("/api/v1/services/web").path("members");

        assertThat(states(members))
                .containsExactly(
                        "a_10.0.0.1:80 up http 200 in 2 ms",
                        "b_10.0.0.2:80 down http 500 in 3 ms",
                        "c_10.0.0.3:80 draining an operator rests it",
                        "d_10.0.0.4:80 notEligible its weight is 0",
                        "e_::1:80 notEligible a backup, and others serve");
        JsonNode down = members.get(1);
        assertThat(down.path("verdict").toString())
                .isEqualTo("{\"state\":\"failing\",\"reason\":\"http 500 in 3 ms\","
                        + "\"since\":\"2023-11-14T22:13:20Z\",\"sinceSeconds\":90.0}");
        assertThat(members.get(0).path("labels").path("zone").asText()).isEqualTo("east");
        assertThat(members.get(2).path("verdict").path("since").isNull()).isTrue();
        assertThat(members.get(3).path("weight").asInt()).isZero();
        assertThat(members.get(4).path("address").asText()).isEqualTo("[::1]:80");
        assertThat(members.get(4).path("backup").asBoolean()).isTrue();
        assertThat(members.get(4).path("options").asText()).isEqualTo("check");
    }

    @Test
    void namesTheEndpointsThatAreNotUsedAndWhy() throws Exception {
        Pool pool = world.pool("web");
        pool.reconfigure(PoolConfig.named("web")
                .with()
                .selection(new Selection(List.of(new LabelFilter("zone", "east", true)), false))
                .build());
        pool.replace(new EndpointSet("web", List.of(World.UP, World.DOWN.withSequence(7L)), "a test"));
        world.control.runAll();

        JsonNode service = client.json("/api/v1/services/web");

        assertThat(service.path("members").findValuesAsText("id")).containsExactly("a_10.0.0.1:80");
        assertThat(service.path("passedOver").toString())
                .isEqualTo("[{\"id\":\"b_10.0.0.2:80\",\"name\":\"b\",\"address\":\"10.0.0.2:80\",\"sequence\":7,"
                        + "\"labels\":{},\"reason\":\"label zone is not there (wanted: `east`)\"}]");
    }

    @Test
    void sumsWhatTheLoopsCountAndMeasure() throws Exception {
        Pool pool = world.mixedPool("web");
        Member member = pool.snapshot().members().get(0);
        for (int loop = 0; loop < World.LOOPS; loop++) {
            member.load(loop).counters().add(MemberCounter.REQUESTS, 20);
            member.load(loop).counters().increment(MemberCounter.IN_FLIGHT);
            member.load(loop).latency().record(Duration.ofMillis(4).toNanos());
            pool.load(loop).counters().add(PoolCounter.RESPONSES_2XX, 10);
            pool.load(loop).counters().increment(PoolCounter.IN_FLIGHT);
            pool.load(loop).failures().increment(Failure.CONNECT_TIMEOUT);
            pool.load(loop).latency().record(Duration.ofMillis(loop * 8L + 2).toNanos());
            pool.load(loop).selfTime().record(50_000);
        }

        JsonNode service = client.json("/api/v1/services/web");

        assertThat(service.path("inFlight").asLong()).isEqualTo(2);
        assertThat(service.path("counters").path("responses2xx").asLong()).isEqualTo(20);
        assertThat(service.path("counters").has("inFlight")).isFalse();
        assertThat(service.path("failures").path("connect_timeout").asLong()).isEqualTo(2);
        assertThat(service.path("failures").path("no_member").asLong()).isZero();
        assertThat(service.path("latency").path("count").asLong()).isEqualTo(2);
        assertThat(service.path("latency").path("p50").asDouble()).isBetween(2.0, 2.02);
        assertThat(service.path("latency").path("max").asDouble()).isBetween(10.0, 10.1);
        assertThat(service.path("latency").path("mean").asDouble()).isBetween(5.9, 6.1);
        assertThat(service.path("selfTime").path("p999").asDouble()).isEqualTo(0.05);
        JsonNode first = service.path("members").get(0);
        assertThat(first.path("inFlight").asLong()).isEqualTo(2);
        assertThat(first.path("counters").path("requests").asLong()).isEqualTo(40);
        assertThat(first.path("latency").path("p99").asDouble()).isBetween(4.0, 4.4);
        JsonNode unused = service.path("members").get(1).path("latency");
        assertThat(unused.path("count").asLong()).isZero();
        assertThat(unused.path("p50").isNull()).isTrue();
    }

    @Test
    void tellsWhichSnapshotServesAndWhatLedToIt() throws Exception {
        Pool pool = world.pool("web");
        world.deliver(pool, World.UP);
        world.clock.advance(Duration.ofSeconds(1));
        world.judge(pool, World.UP, HealthVerdict.State.FAILING, "refused");
        world.clock.advance(Duration.ofSeconds(2));

        JsonNode service = client.json("/api/v1/services/web");

        assertThat(service.path("snapshot").toString())
                .isEqualTo("{\"version\":3,\"cause\":\"health: a_10.0.0.1:80 FAILING (refused)\","
                        + "\"at\":\"2023-11-14T22:13:21Z\",\"ageSeconds\":2.0}");
        assertThat(service.path("state").asText()).isEqualTo("down");
        assertThat(service.path("history").findValuesAsText("version")).containsExactly("2", "3");
        assertThat(service.path("history").get(0).path("cause").asText()).isEqualTo("registry revision 7");
        assertThat(service.path("history").get(1).path("eligible").asInt()).isZero();
    }

    @Test
    void showsSinceWhenARememberedSetIsServed() throws Exception {
        Pool pool = world.pool("web");
        world.deliver(pool, World.UP);
        long synced = world.clock.wallMillis();
        world.clock.advance(Duration.ofSeconds(30));
        world.source(pool, SourceStatus.State.STALE, synced, "connection lost");
        world.clock.advance(Duration.ofMillis(12_500));

        JsonNode service = client.json("/api/v1/services/web");

        assertThat(service.path("source").toString())
                .isEqualTo("{\"source\":\"zookeeper zk:2181 /web\",\"state\":\"stale\","
                        + "\"since\":\"2023-11-14T22:13:50Z\",\"sinceSeconds\":12.5,"
                        + "\"syncedAt\":\"2023-11-14T22:13:20Z\",\"syncedSeconds\":42.5,"
                        + "\"error\":\"connection lost\",\"parts\":null}");
        assertThat(service.path("state").asText()).isEqualTo("degraded");
    }

    @Test
    void tellsAServiceThatWaitsForItsSourceFromOneThatIsDown() throws Exception {
        world.source(world.pool("waiting"), SourceStatus.State.STARTING, 0, "");
        world.source(world.pool("emptied"), SourceStatus.State.LIVE, world.clock.wallMillis(), "");
        world.deliver(world.pool("well"), World.UP);

        JsonNode services = client.json("/api/v1/services");

        assertThat(services.findValuesAsText("name")).containsExactly("emptied", "waiting", "well");
        assertThat(services.get(0).path("state").asText()).isEqualTo("down");
        assertThat(services.get(1).path("state").asText()).isEqualTo("starting");
        assertThat(services.get(1).path("source").path("syncedAt").isNull()).isTrue();
        assertThat(services.get(1).path("source").path("error").isNull()).isTrue();
        assertThat(services.get(2).path("state").asText()).isEqualTo("up");
        assertThat(services.get(2).path("source").isNull()).isTrue();
    }

    @Test
    void showsWhatMembersHaveRoomForAndWhoWaits() throws Exception {
        world.deliver(world.pool("free"), World.UP);
        Pool pool = world.narrowPool("web");
        world.fill(pool);

        JsonNode service = client.json("/api/v1/services/web");

        assertThat(service.path("queue").path("waiting").asInt()).isEqualTo(1);
        assertThat(service.path("queue").path("mostWaiting").asInt()).isEqualTo(1);
        assertThat(service.path("queue").path("limit").asInt()).isEqualTo(7);
        assertThat(service.path("queue").path("total").asInt()).isEqualTo(1);
        assertThat(service.path("queue").path("time").path("count").asInt()).isZero();
        assertThat(service.path("members").get(0).path("slots").toString())
                .isEqualTo("{\"taken\":1,\"limit\":1,\"waiting\":0,\"mostWaiting\":0,\"waitingLimit\":null}");
        JsonNode free = client.json("/api/v1/services/free");
        assertThat(free.path("queue").isNull()).isTrue();
        assertThat(free.path("members").get(0).path("slots").isNull()).isTrue();
    }

    @Test
    void showsTheListenersOfAService() throws Exception {
        world.deliver(world.pool("web"), World.UP);
        world.process.listen("web", 0, 4711, null);
        world.process.listen("web", 80, 0, "address already in use");
        world.process.listen("other", 81, 81, null);

        JsonNode service = client.json("/api/v1/services/web");

        assertThat(service.path("state").asText()).isEqualTo("degraded");
        assertThat(service.path("protocol").asText()).isEqualTo("http");
        assertThat(service.path("listeners").get(0).toString())
                .isEqualTo(
                        "{\"listener\":\"web\",\"address\":\"127.0.0.1:0\",\"port\":4711,\"protocol\":\"http\","
                                + "\"listening\":true,\"openConnections\":3,\"acceptedConnections\":12,"
                                + "\"maxConnections\":null,\"waitingConnections\":0,\"waitedConnections\":0,\"tls\":null,\"error\":null}");
        assertThat(service.path("listeners").get(1).path("port").isNull()).isTrue();
        assertThat(service.path("listeners").get(1).path("error").asText()).isEqualTo("address already in use");
        assertThat(service.path("listeners")).hasSize(2);
        assertThat(client.json("/api/v1/listeners").findValuesAsText("listener"))
                .containsExactly("web", "web", "other");
    }

    @Test
    void showsTheProblemsOfAServiceThatStillServesAnEarlierConfiguration() throws Exception {
        world.deliver(world.pool("web"), World.UP);
        world.process.broken.add(new BrokenService("web", List.of("port: -1 (expected: 1..65535)")));

        JsonNode services = client.json("/api/v1/services");

        assertThat(services).hasSize(1);
        assertThat(services.get(0).path("state").asText()).isEqualTo("degraded");
        assertThat(services.get(0).path("problems")).hasSize(1);
        assertThat(client.json("/api/v1/services/web").path("members")).hasSize(1);
    }

    @Test
    void describesABrokenServiceAndReportsAnUnknownOne() throws Exception {
        world.process.broken.add(new BrokenService("api", List.of("first", "second")));

        JsonNode broken = client.json("/api/v1/services/api");
        HttpResponse<String> unknown = client.get("/api/v1/services/nope");

        assertThat(broken.path("state").asText()).isEqualTo("broken");
        assertThat(broken.path("problems")).hasSize(2);
        assertThat(broken.path("members")).isEmpty();
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(AdminClient.json(unknown).path("message").asText()).isEqualTo("Unknown service nope");
        assertThat(AdminClient.json(unknown).path("error").path("path").asText())
                .isEqualTo("/api/v1/services/nope");
    }

    @Test
    void findsAServiceWithAnAwkwardName() throws Exception {
        world.pool("a/b c+d");

        assertThat(client.json("/api/v1/services/a%2Fb%20c+d").path("name").asText())
                .isEqualTo("a/b c+d");
    }

    @Test
    void tellsOfTheProcessAsAWhole() throws Exception {
        world.process.unrouted.put(Failure.NO_ROUTE, 9L);
        world.process.connections = new ProcessConnections(3, 9);
        world.process.config = new ConfigStatus(4, world.clock.wallMillis(), 2, "a.yaml:1:1: what");

        JsonNode process = client.json("/api/v1/process");

        assertThat(process.path("version").asText()).isEqualTo("1.2.3");
        assertThat(process.path("connections").toString()).isEqualTo("{\"open\":3,\"limit\":9}");
        assertThat(process.path("transport").asText()).isEqualTo("epoll (native, 2 loops)");
        assertThat(process.path("draining").asBoolean()).isFalse();
        assertThat(process.path("unroutedFailures").path("no_route").asLong()).isEqualTo(9);
        assertThat(process.path("config").toString())
                .isEqualTo("{\"version\":4,\"appliedAt\":\"2023-11-14T22:13:20Z\",\"rejected\":2,"
                        + "\"error\":\"a.yaml:1:1: what\"}");
    }

    private static List<String> states(JsonNode members) {
        List<String> states = new ArrayList<>();
        members.forEach(member -> states.add(member.path("id").asText()
                + " "
                + member.path("state").asText()
                + " "
                + member.path("reason").asText()));
        return states;
    }
}

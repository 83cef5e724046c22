package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.balance.HashConfig;
import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.HealthVerdict;
import io.myelin.model.HealthVerdict.State;
import io.myelin.pool.MembershipRules;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyConfig.Mode;
import io.myelin.pool.StickyConfig.Naming;
import io.myelin.pool.UpstreamConfig;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.RawClient.Response;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that stay with their member by a cookie, over real sockets. */
@Timeout(30)
@Tag("sockets")
class StickyCookieTest {
    private static final StickyConfig INSERT = StickyConfig.inserted("SRV");
    private static final HealthVerdict FAILING = new HealthVerdict(State.FAILING, "connect refused", 5);
    private static final HealthVerdict PASSING = new HealthVerdict(State.PASSING, "connected in 0 ms", 6);

    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");
    private final TestProxy proxy = TestProxy.http();

    @BeforeEach
    void start() {
        proxy.start(one.port(), two.port());
        stick(INSERT);
    }

    @AfterEach
    void stop() {
        proxy.close();
        one.close();
        two.close();
    }

    private void stick(StickyConfig sticky) {
        configure(pool -> pool.sticky(sticky));
    }

    private void configure(UnaryOperator<PoolConfig.Builder> change) {
        PoolConfig config = change.apply(PoolConfig.named("web")
                        .with()
                        .sticky(INSERT)
                        .membership(new MembershipRules(List.of(), false, true, null, 1, true, false)))
                .build();
        await("reconfigured", () -> proxy.pool().reconfigure(config));
    }

    /** Brings a change about and waits for the snapshot that has it. */
    private void await(String change, Runnable action) {
        long before = proxy.pool().snapshot().version();
        action.run();
        Await.until(change, () -> proxy.pool().snapshot().version() > before);
    }

    /** Stops a server; returns once it takes no connection any more, which the thread that accepts them may delay. */
    private static void stop(LoopbackBackend backend) {
        backend.close();
        Await.until("nobody listens on " + backend.port(), () -> {
            try (Socket accepted = new Socket(InetAddress.getLoopbackAddress(), backend.port())) {
                return !accepted.isConnected();
            } catch (IOException refused) {
                return true;
            }
        });
    }

    private static Endpoint at(LoopbackBackend backend) {
        return Endpoint.of("", "127.0.0.1", backend.port());
    }

    private static String cookieOf(LoopbackBackend backend) {
        return "SRV=127.0.0.1:" + backend.port();
    }

    private static Response get(RawClient client, String lines) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: web\r\n" + lines + "\r\n").readResponse();
    }

    private Response get(String lines) throws IOException {
        try (RawClient client = RawClient.to(proxy.port())) {
            return get(client, lines);
        }
    }

    private long count(PoolCounter counter) {
        return proxy.pool().total(counter);
    }

    @Test
    void theFirstAnswerNamesTheMemberAndTheNextRequestsComeToIt() throws IOException {
        Response first = get("");
        String cookie = cookieOf(first.body().equals("one") ? one : two);

        assertThat(first.head()).contains("\r\nSet-Cookie: " + cookie + "; path=/\r\n");
        for (int i = 0; i < 5; i++) {
            Response next = get("Cookie: a=1; " + cookie + "; b=2\r\n");
            assertThat(next.body()).isEqualTo(first.body());
            assertThat(next.header("set-cookie")).isEmpty();
        }
        LoopbackBackend member = first.body().equals("one") ? one : two;
        assertThat(member.received()).hasSize(6);
        assertThat(member.received().subList(1, 6))
                .allSatisfy(head -> assertThat(head).contains("\r\nCookie: a=1; b=2\r\n"));
        assertThat(count(PoolCounter.STICKY_HITS)).isEqualTo(5);
        assertThat(count(PoolCounter.STICKY_MISSES)).isEqualTo(1);
    }

    @Test
    void theHashNamesTheMemberAsWell() throws IOException {
        stick(INSERT.with().naming(Naming.HASH).build());
        Response first = get("");
        String set = first.header("set-cookie");

        assertThat(set).matches("SRV=[0-9a-f]{40}; path=/");
        for (int i = 0; i < 4; i++) {
            assertThat(get("Cookie: " + set.replace("; path=/", "") + "\r\n").body())
                    .isEqualTo(first.body());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ROUND_ROBIN")
    void theCookieGoesBeforeEveryPolicy(Policy policy) throws IOException {
        configure(pool -> pool.balance(new BalanceConfig(policy, 2, HashConfig.DEFAULT)));
        for (LoopbackBackend backend : List.of(one, two)) {
            for (int i = 0; i < 3; i++) {
                assertThat(get("Cookie: " + cookieOf(backend) + "\r\n").body())
                        .isEqualTo(backend == one ? "one" : "two");
            }
        }
    }

    @Test
    void requestsOfOneConnectionGoWhereTheirCookiesSay() throws IOException {
        try (RawClient client = RawClient.to(proxy.port())) {
            StringBuilder pipelined = new StringBuilder();
            for (LoopbackBackend backend : List.of(one, two, two, one)) {
                pipelined.append("GET / HTTP/1.1\r\nHost: web\r\nCookie: " + cookieOf(backend) + "\r\n\r\n");
            }
            client.send(pipelined.toString());
            assertThat(List.of(
                            client.readResponse().body(),
                            client.readResponse().body(),
                            client.readResponse().body(),
                            client.readResponse().body()))
                    .containsExactly("one", "two", "two", "one");
        }
    }

    @Test
    void aMemberOfWeightZeroServesItsClientsAndNobodyElse() throws IOException {
        await(
                "weight 0",
                () -> proxy.pool().replace(new EndpointSet("web", List.of(at(one).withWeight(0), at(two)), "test")));

        assertRests(one);
    }

    @Test
    void aDrainedMemberServesItsClientsAndNobodyElse() throws IOException {
        await("drained", () -> proxy.pool().rest(at(one).id(), AdminState.DRAIN));

        assertRests(one);
    }

    @Test
    void aBackupServesItsClientsAndNobodyElse() throws IOException {
        await(
                "backup",
                () -> proxy.pool().replace(new EndpointSet("web", List.of(at(one).withBackup(true), at(two)), "test")));

        assertRests(one);
    }

    private void assertRests(LoopbackBackend resting) throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(get("").body()).isEqualTo("two");
        }
        for (int i = 0; i < 5; i++) {
            Response kept = get("Cookie: " + cookieOf(resting) + "\r\n");
            assertThat(kept.body()).isEqualTo("one");
            assertThat(kept.header("set-cookie")).isEmpty();
        }
        assertThat(resting.received()).hasSize(5);
    }

    @Test
    void aPoolWhereEverybodyRestsServesItsOldClientsOnly() throws IOException {
        await(
                "weight 0",
                () -> proxy.pool()
                        .replace(
                                new EndpointSet("web", List.of(at(one).withWeight(0), at(two).withWeight(0)), "test")));

        assertThat(get("Cookie: " + cookieOf(two) + "\r\n").body()).isEqualTo("two");
        Response refused = get("");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("x-myelin-failure")).isEqualTo("no_member");
        assertThat(refused.header("set-cookie")).isEmpty();
    }

    @Test
    void theClientsOfAMemberThatIsDownMoveAndStayWhenItIsBack() throws IOException {
        String cookie = "Cookie: " + cookieOf(one) + "\r\n";
        assertThat(get(cookie).body()).isEqualTo("one");

        await("down", () -> proxy.pool().onVerdict(at(one).id(), FAILING));
        Response moved = get(cookie);
        assertThat(moved.body()).isEqualTo("two");
        assertThat(moved.header("set-cookie")).isEqualTo(cookieOf(two) + "; path=/");
        assertThat(count(PoolCounter.STICKY_REDISPATCHES)).isEqualTo(1);

        await("back", () -> proxy.pool().onVerdict(at(one).id(), PASSING));
        for (int i = 0; i < 4; i++) {
            assertThat(get("Cookie: " + cookieOf(two) + "\r\n").body()).isEqualTo("two");
        }
        assertThat(get(cookie).body()).isEqualTo("one");
    }

    @Test
    void aPoolThatPersistsAsksAMemberThatIsDown() throws IOException {
        stick(INSERT.with().persist(true).build());
        await("down", () -> proxy.pool().onVerdict(at(one).id(), FAILING));

        Response kept = get("Cookie: " + cookieOf(one) + "\r\n");
        assertThat(kept.body()).isEqualTo("one");
        assertThat(kept.header("set-cookie")).isEmpty();
        assertThat(get("").body()).isEqualTo("two");
    }

    @Test
    void aClientWhoseMemberRefusesIsGivenAnotherAndItsCookie() throws IOException {
        stop(one);
        Response moved = get("Cookie: " + cookieOf(one) + "\r\n");

        assertThat(moved.body()).isEqualTo("two");
        assertThat(moved.header("set-cookie")).isEqualTo(cookieOf(two) + "; path=/");
        assertThat(count(PoolCounter.STICKY_HITS)).isEqualTo(1);
        assertThat(count(PoolCounter.STICKY_REDISPATCHES)).isEqualTo(1);
    }

    @Test
    void withoutRedispatchTheClientOfAMemberThatRefusesIsToldSo() throws IOException {
        configure(pool -> pool.upstream(
                UpstreamConfig.DEFAULT.with().redispatch(false).retries(0).build()));
        stop(one);
        Response refused = get("Cookie: " + cookieOf(one) + "\r\n");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("set-cookie")).isEmpty();
        assertThat(count(PoolCounter.STICKY_REDISPATCHES)).isZero();
    }

    @Test
    void aRequestIsRepeatedAtItsMemberWhenAKeptConnectionIsDead() throws IOException {
        try (LoopbackBackend fickle = LoopbackBackend.running(conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfickle");
            conversation.readRequest();
        })) {
            await(
                    "offered",
                    () -> proxy.pool()
                            .replace(new EndpointSet("web", List.of(at(fickle).withWeight(0), at(two)), "test")));
            try (RawClient client = RawClient.to(proxy.port())) {
                for (int i = 0; i < 4; i++) {
                    Response kept = get(client, "Cookie: " + cookieOf(fickle) + "; a=1\r\n");
                    assertThat(kept.body()).isEqualTo("fickle");
                    assertThat(kept.header("set-cookie")).isEmpty();
                }
            }
            assertThat(count(PoolCounter.RETRIES)).isPositive();
            assertThat(fickle.received()).allSatisfy(head -> assertThat(head).contains("\r\nCookie: a=1\r\n"));
        }
    }

    @Test
    void aMemberThatRegistersAnewKeepsItsClients() throws IOException {
        String cookie = "Cookie: " + cookieOf(one) + "\r\n";
        await("left", () -> proxy.pool().replace(new EndpointSet("web", List.of(at(two)), "test")));
        Response moved = get(cookie);
        assertThat(moved.body()).isEqualTo("two");
        assertThat(moved.header("set-cookie")).isEqualTo(cookieOf(two) + "; path=/");

        await(
                "returned",
                () -> proxy.pool().replace(new EndpointSet("web", List.of(at(two), at(one).withSequence(9L)), "test")));
        assertThat(get(cookie).body()).isEqualTo("one");
    }

    @Test
    void aReloadKeepsClientsAndTakesEffectWithTheNextRequest() throws IOException {
        try (RawClient client = RawClient.to(proxy.port())) {
            assertThat(get(client, "Cookie: " + cookieOf(one) + "\r\n").body()).isEqualTo("one");
            configure(pool -> pool.balance(new BalanceConfig(Policy.FIRST, 2)));
            assertThat(get(client, "Cookie: " + cookieOf(two) + "\r\n").body()).isEqualTo("two");
            stick(StickyConfig.inserted("OTHER"));
            Response renamed = get(client, "Cookie: " + cookieOf(two) + "\r\n");
            assertThat(renamed.header("set-cookie")).startsWith("OTHER=127.0.0.1:");
            configure(pool -> pool.sticky(null));
            assertThat(get(client, "").header("set-cookie")).isEmpty();
        }
    }

    @Test
    void aPrefixTravelsThereAndBack() throws IOException {
        try (LoopbackBackend application = LoopbackBackend.running(conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write(
                        "HTTP/1.1 200 OK\r\nSet-Cookie: JSESSIONID=abc; HttpOnly\r\nContent-Length: 1\r\n\r\na");
            }
        })) {
            stick(StickyConfig.named("JSESSIONID").with().mode(Mode.PREFIX).build());
            await(
                    "offered",
                    () -> proxy.pool()
                            .replace(new EndpointSet(
                                    "web", List.of(at(application).withWeight(0), at(two)), "test")));
            String value = "127.0.0.1:" + application.port() + "~abc";
            Response answered = get("Cookie: x=1; JSESSIONID=" + value + "\r\n");

            assertThat(answered.header("set-cookie")).isEqualTo("JSESSIONID=" + value + "; HttpOnly");
            assertThat(application.received().get(0)).contains("\r\nCookie: x=1; JSESSIONID=abc\r\n");
        }
    }

    @Test
    void aBodyFollowsItsHeadToTheMember() throws IOException {
        try (RawClient client = RawClient.to(proxy.port())) {
            for (int length : new int[] {10, 100_000}) {
                client.send("POST / HTTP/1.1\r\nHost: web\r\nCookie: " + cookieOf(two) + "\r\nContent-Length: " + length
                        + "\r\n\r\n" + "x".repeat(length));
                assertThat(client.readResponse().body()).isEqualTo("two");
            }
        }
    }
}

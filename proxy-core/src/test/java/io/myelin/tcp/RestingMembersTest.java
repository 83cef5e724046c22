package io.myelin.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.pool.MembershipRules;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.StickyConfig;
import io.myelin.testing.Await;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members that get no new tunnels, over real sockets. */
@Timeout(30)
@Tag("sockets")
class RestingMembersTest {
    private final LoopbackBackend one = answering("one");
    private final LoopbackBackend two = answering("two");
    private final TestProxy proxy = TestProxy.tcp();

    private static LoopbackBackend answering(String name) {
        return LoopbackBackend.running(conversation -> {
            conversation.readRequest();
            conversation.write(name);
        });
    }

    @BeforeEach
    void start() {
        proxy.start(one.port(), two.port());
        PoolConfig config = PoolConfig.named("web")
                .with()
                .sticky(StickyConfig.inserted("SRV"))
                .membership(new MembershipRules(List.of(), false, true, null, 1, true, false))
                .build();
        await("reconfigured", () -> proxy.pool().reconfigure(config));
    }

    @AfterEach
    void stop() {
        proxy.close();
        one.close();
        two.close();
    }

    private void await(String change, Runnable action) {
        long before = proxy.pool().snapshot().version();
        action.run();
        Await.until(change, () -> proxy.pool().snapshot().version() > before);
    }

    private static Endpoint at(LoopbackBackend backend) {
        return Endpoint.of("", "127.0.0.1", backend.port());
    }

    @Test
    void aMemberOfWeightZeroGetsNoTunnel() throws IOException {
        await(
                "weight 0",
                () -> proxy.pool().replace(new EndpointSet("web", List.of(at(one).withWeight(0), at(two)), "test")));

        assertOnlyTwoIsAsked();
    }

    @Test
    void aDrainedMemberGetsNoTunnel() throws IOException {
        await("drained", () -> proxy.pool().rest(at(one).id(), AdminState.DRAIN));

        assertOnlyTwoIsAsked();
    }

    /** A cookie among the bytes of a tunnel means nothing. */
    private void assertOnlyTwoIsAsked() throws IOException {
        for (int i = 0; i < 6; i++) {
            try (RawClient client = RawClient.to(proxy.port())) {
                client.send("GET / HTTP/1.1\r\nCookie: SRV=127.0.0.1:" + one.port() + "\r\n\r\n");
                assertThat(client.readToEnd()).isEqualTo("two");
            }
        }
        assertThat(one.connections()).isZero();
    }

    @Test
    void withNobodyLeftTheClientIsTurnedAway() throws IOException {
        await(
                "weight 0",
                () -> proxy.pool()
                        .replace(
                                new EndpointSet("web", List.of(at(one).withWeight(0), at(two).withWeight(0)), "test")));

        try (RawClient client = RawClient.to(proxy.port())) {
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(one.connections() + two.connections()).isZero();
    }
}

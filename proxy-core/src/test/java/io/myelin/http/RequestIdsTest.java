package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.myelin.http.RequestIdConfig.Form;
import io.myelin.http.RequestIdConfig.Mode;
import io.myelin.testing.FakeClock;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.NetUtil;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final RequestIdConfig UUID = new RequestIdConfig(Mode.KEEP, "X-Request-Id", Form.UUID);
    private static final RequestIdConfig OWN = new RequestIdConfig(Mode.KEEP, "X-Trace", Form.HEX);

    private final HeadWriter added = new HeadWriter();
    private final HeadWriter kept = new HeadWriter();
    private final EmbeddedChannel client = new Connected();
    private final RequestIds ids = new RequestIds(new Random(1), 0, new FakeClock());

    /** A connection from 10.1.2.3:33298 to 127.0.0.1:8080. */
    private static final class Connected extends EmbeddedChannel {
        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString("10.1.2.3"), 33_298);
        }

        @Override
        protected SocketAddress localAddress0() {
            return new InetSocketAddress(NetUtil.LOCALHOST4, 8_080);
        }
    }

    private String stamp(RequestIdConfig config, String lines) {
        added.clear();
        kept.clear();
        RequestHead head = Heads.request(Heads.GET + lines + "\r\n");
        ids.stamp(head, config, client, added);
        head.fields().copyKept(kept);
        return ids.text();
    }

    @Test
    void aRequestWithoutAnIdentityGetsOneOf128Bits() {
        String id = stamp(RequestIdConfig.DEFAULT, "");

        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(added).hasToString("X-Request-Id: " + id + "\r\n");
    }

    @Test
    void noTwoRequestsOfAProcessGetTheSame() {
        Set<String> seen = new HashSet<>();
        for (int loop = 0; loop < 4; loop++) {
            // The same secret: what differs is the event loop alone.
            RequestIds others = new RequestIds(new Random(7), loop, new FakeClock());
            for (int i = 0; i < 5_000; i++) {
                added.clear();
                others.stamp(Heads.request(Heads.GET + "\r\n"), RequestIdConfig.DEFAULT, client, added);
                seen.add(others.text());
            }
        }

        assertThat(seen).hasSize(20_000);
    }

    @Test
    void whatWasSeenDoesNotTellWhatComes() {
        int[] ones = new int[128];
        for (int i = 0; i < 2_000; i++) {
            String id = stamp(RequestIdConfig.DEFAULT, "");
            for (int bit = 0; bit < 128; bit++) {
                ones[bit] += Character.digit(id.charAt(bit / 4), 16) >> (bit % 4) & 1;
            }
        }

        assertThat(Arrays.stream(ones).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
    }

    @Test
    void anotherSecretMakesOtherIdentities() {
        RequestIds others = new RequestIds(new Random(2), 0, new FakeClock());
        others.stamp(Heads.request(Heads.GET + "\r\n"), RequestIdConfig.DEFAULT, client, new HeadWriter());

        assertThat(stamp(RequestIdConfig.DEFAULT, "")).isNotEqualTo(others.text());
    }

    @Test
    void anIdentityMayLookLikeAUuid() {
        assertThat(stamp(UUID, "")).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @Test
    void anIdentityMaySayWhereItsConnectionComesFrom() {
        RequestIdConfig config = new RequestIdConfig(Mode.GENERATE, "X-Unique-ID", Form.CONNECTION);

        assertThat(stamp(config, "")).matches("0A010203:8212_7F000001:1F90_[0-9A-F]{4,}_0000:[0-9A-F]{4,}");
        assertThat(stamp(config, "")).matches(".*_0100:[0-9A-F]{4,}");
        assertThat(added.toString()).startsWith("X-Unique-ID: 0A010203:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7c9e6679-7425-40de-944b-e07fc1f90ae7", "Root=1-5759e988/bd862e3f@b:1", "a.b_c~d"})
    void aWellFormedIdentityIsKept(String id) {
        assertThat(stamp(RequestIdConfig.DEFAULT, "x-request-id: " + id + "\r\n"))
                .isEqualTo(id);
        assertThat(added).hasToString("");
        assertThat(kept.toString()).contains("x-request-id: " + id + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "a,b", "\u00e9", "<script>", "a\tb"})
    void aMalformedIdentityIsReplaced(String id) {
        assertThat(stamp(RequestIdConfig.DEFAULT, "X-Request-Id: " + id + "\r\n"))
                .matches("[0-9a-f]{32}");
        assertThat(kept.toString()).doesNotContain("X-Request-Id");
    }

    @Test
    void anIdentityIsKeptUpTo128Characters() {
        assertThat(stamp(RequestIdConfig.DEFAULT, "X-Request-Id: " + "a".repeat(128) + "\r\n"))
                .hasSize(128);
        assertThat(stamp(RequestIdConfig.DEFAULT, "X-Request-Id: " + "a".repeat(129) + "\r\n"))
                .hasSize(32);
    }

    @Test
    void twoIdentitiesAreReplacedByOne() {
        assertThat(stamp(RequestIdConfig.DEFAULT, "X-Request-Id: a\r\nX-Request-Id: b\r\n"))
                .hasSize(32);
        assertThat(kept.toString()).doesNotContain("X-Request-Id");
    }

    @Test
    void anIdentityForOneConnectionOnlyIsReplaced() {
        assertThat(stamp(RequestIdConfig.DEFAULT, "X-Request-Id: a\r\nConnection: x-request-id\r\n"))
                .hasSize(32);
    }

    @Test
    void generatedMeansThatClientsDoNotChoose() {
        RequestIdConfig config = new RequestIdConfig(Mode.GENERATE, "X-Request-Id", Form.HEX);

        assertThat(stamp(config, "X-Request-Id: mine\r\n")).hasSize(32);
        assertThat(kept.toString()).doesNotContain("mine");
    }

    @Test
    void theFieldMayHaveAnotherName() {
        assertThat(stamp(OWN, "x-trace: mine\r\nX-Request-Id: other\r\n")).isEqualTo("mine");
        assertThat(stamp(OWN, "")).hasSize(32);
        assertThat(added.toString()).startsWith("X-Trace: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X Trace", "", "content-length", "Host", "Transfer-Encoding", "X-Forwarded-For"})
    void aFieldThatMeansSomethingElseCarriesNoIdentity(String header) {
        assertThatThrownBy(() -> new RequestIdConfig(Mode.KEEP, header, Form.HEX))
                .hasMessage(
                        "header: " + header + " (expected: the name of a header field that means nothing to a proxy)");
    }

    @Test
    void anIdentityAllocatesNothing() {
        RequestHead bare = Heads.request(Heads.GET + "\r\n");
        RequestHead named = Heads.request(Heads.GET + "X-Request-Id: 0af7651916cd43dd8448eb211c80319c\r\n\r\n");
        stampOften(bare, named);

        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        stampOften(bare, named);
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(allocated).as("bytes allocated by 20,000 requests").isLessThan(20_000);
    }

    private void stampOften(RequestHead bare, RequestHead named) {
        for (int i = 0; i < 20_000; i++) {
            added.clear();
            ids.stamp(i % 2 == 0 ? bare : named, RequestIdConfig.DEFAULT, client, added);
        }
    }
}

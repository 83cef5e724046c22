package io.myelin.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.myelin.balance.Member;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyMembers;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickyAllocationTest {
    private static final int ROUNDS = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final byte[] RESPONSE =
            Heads.bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nSet-Cookie: session=1; path=/\r\n\r\n");

    private final RequestHead request = new RequestHead();
    private final ResponseHead response = new ResponseHead();
    private final HeadWriter added = new HeadWriter();
    private final HeadWriter out = new HeadWriter();

    @ParameterizedTest
    @ValueSource(strings = {"Cookie: session=1; SRV=two; theme=dark\r\n", "Cookie: session=1\r\n", ""})
    void readingAndSettingTheCookieAllocatesNothing(String line) {
        StickyConfig config = StickyConfig.inserted("SRV")
                .with()
                .maxIdle(Duration.ofMinutes(30))
                .maxLife(Duration.ofHours(8))
                .build();
        assertAllocatesNothing(config, line);
    }

    @Test
    void aPrefixAllocatesNothing() {
        StickyConfig config = StickyConfig.named("session")
                .with()
                .mode(StickyConfig.Mode.PREFIX)
                .build();
        assertAllocatesNothing(config, "Cookie: session=two~1\r\n");
    }

    private void assertAllocatesNothing(StickyConfig config, String line) {
        StickyScene scene = new StickyScene(config);
        StickyMembers members = requireNonNull(scene.pool.snapshot().sticky());
        byte[] bytes = Heads.bytes(Heads.GET + line + "\r\n");
        Stickiness stickiness = new Stickiness(scene.clock);
        run(scene, stickiness, members, bytes);

        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        int written = run(scene, stickiness, members, bytes);
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(written).isPositive();
        assertThat(allocated).as("bytes allocated in %d rounds", ROUNDS).isLessThan(ROUNDS);
    }

    private int run(StickyScene scene, Stickiness stickiness, StickyMembers members, byte[] bytes) {
        Member two = scene.pool.snapshot().members().get(1);
        int written = 0;
        for (int i = 0; i < ROUNDS; i++) {
            request.parse(bytes, bytes.length);
            stickiness.onRequest(members, request, scene.counters);
            out.clear();
            request.fields().copyKept(out);
            response.parse(RESPONSE, RESPONSE.length);
            added.clear();
            stickiness.onResponse(members, response, two, scene.counters, added);
            response.fields().copyKept(out);
            written += out.length() + added.length();
        }
        return written;
    }
}

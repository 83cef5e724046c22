package io.myelin.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.Member;
import io.myelin.http.BodyReader.Framing;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.metrics.Counters;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.pool.Pool;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyMembers;
import io.myelin.testing.FakeClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pool of the members {@code one} and {@code two} whose clients stick, and the heads that pass on the way. */
final class StickyScene {
    static final Endpoint ONE = Endpoint.of("", "h", 1).withOptions("cookie one");
    static final Endpoint TWO = Endpoint.of("", "h", 2).withOptions("cookie two");

    private static final InetSocketAddress LOCAL = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

    final FakeClock clock = new FakeClock();
    final Counters<PoolCounter> counters = new Counters<>(PoolCounter.class);
    final Pool pool;

    private final Stickiness stickiness = new Stickiness(clock);
    private final RequestHead request = new RequestHead();

    StickyScene(StickyConfig config) {
        pool = new Pool(PoolConfig.named("web").with().sticky(config).build(), Runnable::run, clock, bound -> 0, 1);
        offer(ONE, TWO);
    }

    void offer(Endpoint... endpoints) {
        pool.replace(new EndpointSet("web", List.of(endpoints), "a test"));
    }

    private StickyMembers sticky() {
        return requireNonNull(pool.snapshot().sticky());
    }

    Member member(String value) {
        byte[] bytes = Heads.bytes(value);
        return requireNonNull(sticky().find(bytes, 0, bytes.length)).member();
    }

    /** Sends a request with these field lines through; returns what its member gets. */
    Passed request(String lines) {
        return request("GET", lines);
    }

    Passed request(String method, String lines) {
        String head = method + " / HTTP/1.1\r\nHost: web\r\n" + lines + "\r\n";
        assertThat(Heads.parse(request, head)).isEqualTo(head.length());
        Member asked = stickiness.onRequest(sticky(), request, counters);
        HeadWriter out = new HeadWriter();
        RequestComposer.compose(request, new byte[0], LOCAL, ForwardedFor.OFF, new HeadWriter(), out);
        return new Passed(asked, out.toString());
    }

    /** Sends a response through that {@code served} gives to the latest request; returns what its client gets. */
    Passed response(Member served, String lines) {
        ResponseHead head = Heads.response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + lines + "\r\n");
        HeadWriter added = new HeadWriter();
        stickiness.onResponse(sticky(), head, served, counters, added);
        ResponseComposer composer = new ResponseComposer();
        composer.begin(request);
        HeadWriter out = new HeadWriter();
        composer.compose(head, Framing.LENGTH, true, added, out);
        return new Passed(served, out.toString());
    }

    /**
     * A head as it leaves the proxy.
     *
     * @param member who gets it, {@code null} if the balance policy is to say so, or sent it
     */
    record Passed(@Nullable Member member, String head) {
        /** Returns the lines of that name, joined by {@code " + "}. */
        String lines(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .collect(Collectors.joining(" + "));
        }

        String named() {
            return member == null ? "-" : member.endpoint().options().replace("cookie ", "");
        }
    }
}

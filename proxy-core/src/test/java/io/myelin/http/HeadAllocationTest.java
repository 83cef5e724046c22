package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.Condition.Text;
import io.myelin.route.Match;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadAllocationTest {
    private static final int HEADS = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final byte[] REQUEST =
            Heads.bytes("POST /v2/accounts/7c9e6679-7425-40de-944b-e07fc1f90ae7/orders?verbose=true HTTP/1.1\r\n"
                    + "Host: orders.internal.example.com:8080\r\nUser-Agent: okhttp/4.12.0\r\n"
                    + "Accept: application/json\r\nContent-Type: application/json; charset=utf-8\r\n"
                    + "Content-Length: 512\r\nX-Request-Id: 0af7651916cd43dd8448eb211c80319c\r\n"
                    + "X-Forwarded-For: 10.9.8.7\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\n"
                    + "Cookie: session=8f14e45fceea167a5a36dedd4bea2543\r\n\r\n");
    private static final byte[] RESPONSE = Heads.bytes("HTTP/1.1 200 OK\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\n"
            + "Server: origin/2.4\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 1024\r\n"
            + "Cache-Control: no-cache\r\nConnection: keep-alive\r\nETag: \"33a64df551425fcc\"\r\n\r\n");

    private final HeadRewrite rewrite = new HeadRewrite(
            ClientConfig.DEFAULT, "10.1.2.3", new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));
    private final List<Condition> conditions = List.of(
            new Text(Part.HOST, Match.DOMAIN, true, List.of("elsewhere", "internal.example")),
            new Text(Part.HOST_NAME, Match.EXACT, true, List.of("ORDERS.internal.example.com")),
            new Text(Part.PATH, Match.SEGMENTS, false, List.of("/v2/accounts")),
            new Text(Part.METHOD, Match.EXACT, false, List.of("GET", "POST")));

    @Test
    void rewritingAndRoutingHeadsAllocatesNothing() {
        assertThat(REQUEST.length).isBetween(380, 450);
        assertThat(RESPONSE.length).isBetween(180, 230);
        run();

        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        int held = run();
        long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(held).isEqualTo(HEADS * conditions.size());
        assertThat(allocated).as("bytes allocated by %d heads each way", HEADS).isLessThan(HEADS);
    }

    /** Returns how many conditions held. */
    private int run() {
        int held = 0;
        for (int i = 0; i < HEADS; i++) {
            int length = rewrite.request(REQUEST, REQUEST.length);
            for (int c = 0; c < conditions.size(); c++) {
                held += conditions.get(c).holds(rewrite.request()) ? 1 : 0;
            }
            length += rewrite.response(RESPONSE, RESPONSE.length);
            held += length == REQUEST.length + RESPONSE.length ? 0 : 1;
        }
        return held;
    }
}

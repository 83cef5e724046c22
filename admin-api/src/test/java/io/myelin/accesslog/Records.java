package io.myelin.accesslog;

import io.myelin.failure.Failure;
import io.myelin.log.AccessRecord;
import io.myelin.log.AccessRecord.Load;
import io.myelin.log.AccessRecord.Request;
import io.myelin.log.AccessRecord.Target;
import io.myelin.log.AccessRecord.Timers;
import io.myelin.route.TlsView;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records as a listener {@code web} gives them away. */
final class Records {
    /** The sixth of February 2009, 12:14:14.655 in Greenwich. */
    static final long AT_MILLIS = 1_233_922_454_655L;

    static final InetSocketAddress CLIENT =
            new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString("10.0.1.2"), 33_317);
    static final InetSocketAddress LOCAL = new InetSocketAddress(NetUtil.LOCALHOST4, 8_080);
    static final Target MEMBER = new Target("i-7_10.0.0.7:9001", "10.0.0.7", 9_001);
    static final Request GET = new Request("GET", "/index.html?a=b", "HTTP/1.1", "www", null, "curl/8");

    private Records() {}

    static long millis(long count) {
        return count < 0 ? -1 : count * 1_000_000;
    }

    static Timers timers(long head, long queue, long connect, long firstByte, long total) {
        return new Timers(millis(head), millis(queue), millis(connect), millis(firstByte), millis(total), millis(1));
    }

    /** A request that was served. */
    static AccessRecord ok(Request request, List<String> requestHeaders, List<String> responseHeaders) {
        return ok(request, requestHeaders, responseHeaders, null);
    }

    /** A request of somebody who speaks TLS, asked for {@code web.test}, and showed a certificate. */
    static AccessRecord encrypted() {
        return ok(GET, List.of(), List.of(), (fact, attribute) -> switch (fact) {
            case VERSION -> "TLSv1.3";
            case CIPHER -> "TLS_AES_128_GCM_SHA256";
            case SERVER_NAME -> "web.Test";
            case RESUMED -> "1";
            case CLIENT_SUBJECT -> attribute.isEmpty() ? "/C=DE/CN=M\u00c3\u00bcller" : "M\u00c3\u00bcller";
            case CLIENT_SHA1 -> "00AB";
            default -> null;
        });
    }

    private static AccessRecord ok(
            Request request, List<String> requestHeaders, List<String> responseHeaders, @Nullable TlsView tls) {
        return new AccessRecord(
                false,
                AT_MILLIS,
                "web",
                CLIENT,
                LOCAL,
                request,
                "0af7651916cd43dd8448eb211c80319c",
                "static",
                "be_static",
                MEMBER,
                3,
                0,
                false,
                200,
                123,
                2_750,
                timers(10, 0, 30, 69, 109),
                null,
                null,
                "--",
                new Load(1, 2, 3),
                requestHeaders,
                responseHeaders,
                tls);
    }

    static AccessRecord ok() {
        return ok(GET, List.of(), List.of());
    }

    static AccessRecord ok(String target) {
        return ok(new Request("GET", target, "HTTP/1.1", "www", null, null), List.of(), List.of());
    }

    /** A connection whose request was refused. */
    static AccessRecord refused() {
        return failed(null, null, timers(-1, -1, -1, -1, 2), 400, Failure.MALFORMED_REQUEST, "PR", 0, false);
    }

    static AccessRecord failed(
            @Nullable Request request,
            @Nullable Target member,
            Timers timers,
            int status,
            Failure failure,
            String termination,
            int retries,
            boolean redispatched) {
        return new AccessRecord(
                false,
                AT_MILLIS,
                "web",
                CLIENT,
                LOCAL,
                request,
                "",
                request == null ? null : "static",
                request == null ? null : "be_static",
                member,
                0,
                retries,
                redispatched,
                status,
                4,
                187,
                timers,
                failure,
                failure == Failure.MALFORMED_REQUEST ? "host" : null,
                termination,
                new Load(1, 0, 0),
                List.of(),
                List.of(),
                null);
    }

    static AccessRecord tunnel() {
        return new AccessRecord(
                true,
                AT_MILLIS,
                "relay",
                CLIENT,
                LOCAL,
                null,
                "",
                "relay",
                "relay",
                MEMBER,
                3,
                0,
                false,
                -1,
                5,
                7,
                timers(0, 0, 1, -1, 401),
                null,
                null,
                "--",
                new Load(2, 1, 0),
                List.of(),
                List.of(),
                null);
    }
}

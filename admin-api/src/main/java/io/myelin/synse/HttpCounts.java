package io.myelin.synse;

import io.myelin.httpd.Body;
import io.myelin.model.Clock;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests by route, method and status. Any thread. */
final class HttpCounts {
    /** The template of requests that no route answers. */
    static final String UNKNOWN = "unknown";

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

    private final Map<Kind, Tally> tallies = new ConcurrentHashMap<>();
    private final Clock clock;

    /** What is counted together. */
    record Kind(String method, String template, int status) {}

    /** A request that is being answered. */
    final class Begun {
        private final String method;
        private final String template;
        private final long startNanos = clock.nanoTime();
        private final LongAdder bytes = new LongAdder();

        private Begun(String method, String template) {
            this.method = method;
            this.template = template;
        }

        /** Counts bytes that are sent before the request ends. */
        void sent(int more) {
            bytes.add(more);
        }

        Tally end(int status) {
            Tally tally = tallies.computeIfAbsent(new Kind(method, template, status), kind -> new Tally());
            tally.took(clock.nanoTime() - startNanos);
            tally.sent(bytes.sum());
            return tally;
        }

        /** Ends when there is an answer; its bytes are counted as they are sent. */
        Body end(int status, Body body) {
            Tally tally = end(status);
            return text -> writeNext(body, text, tally);
        }
    }

    HttpCounts(Clock clock) {
        this.clock = clock;
    }

    Begun begin(String method, String template) {
        return new Begun(METHODS.contains(method) ? method : "OTHER", template);
    }

    Map<Kind, Tally> tallies() {
        return tallies;
    }

    private static boolean writeNext(Body body, ByteBuf text, Tally tally) {
        int before = text.writerIndex();
        boolean more = body.writeNext(text);
        tally.sent(text.writerIndex() - before);
        return more;
    }
}

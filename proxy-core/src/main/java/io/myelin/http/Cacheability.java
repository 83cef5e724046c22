package io.myelin.http;

/** Whether caches may keep a response, judged as HAProxy judges it. */
final class Cacheability {
    /*
     * A response counts as cacheable if its method and status allow it, nothing in Pragma and Cache-Control forbids it,
     * and it says how long it is fresh or how it can be validated (RFC 9111 section 3). Of several directives in
     * Cache-Control, a later `public` lifts an earlier prohibition.
     */
    private static final byte[] PRAGMA = Phrases.ascii("pragma");
    private static final byte[] CACHE_CONTROL = Phrases.ascii("cache-control");
    private static final byte[] EXPIRES = Phrases.ascii("expires");
    private static final byte[] ETAG = Phrases.ascii("etag");
    private static final byte[] LAST_MODIFIED = Phrases.ascii("last-modified");
    private static final byte[] PUBLIC = Phrases.ascii("public");
    private static final byte[] NO_CACHE = Phrases.ascii("no-cache");
    private static final byte[][] FORBIDDING = {
        Phrases.ascii("private"),
        NO_CACHE,
        Phrases.ascii("no-store"),
        Phrases.ascii("max-age=0"),
        Phrases.ascii("s-maxage=0")
    };
    private static final byte[] MAX_AGE = Phrases.ascii("max-age");
    private static final byte[] SHARED_MAX_AGE = Phrases.ascii("s-maxage");

    /** Nothing forbids keeping the response. */
    private static final int ALLOWED = 1;

    /** The response says how long it is fresh, or how it can be validated. */
    private static final int DESCRIBED = 2;

    private Cacheability() {}

    /** Returns whether the answer {@code head} to a request of that method may be kept. */
    static boolean of(Method method, ResponseHead head) {
        return allows(method) && allows(head.status()) && judge(head.fields()) == (ALLOWED | DESCRIBED);
    }

    private static boolean allows(Method method) {
        return switch (method) {
            case GET, HEAD, OPTIONS, TRACE -> true;
            default -> false;
        };
    }

    private static boolean allows(int status) {
        return switch (status) {
            case 200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501 -> true;
            default -> false;
        };
    }

    /** Returns which of the two flags hold. */
    private static int judge(Fields fields) {
        int flags = ALLOWED;
        for (int field = 0; field < fields.count(); field++) {
            if (fields.named(field, PRAGMA) && fields.valueIs(field, NO_CACHE)) {
                return 0;
            }
            if (fields.named(field, CACHE_CONTROL)) {
                flags = judgeDirectives(flags, fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
            } else if (describes(fields, field)) {
                flags |= DESCRIBED;
            }
        }
        return flags;
    }

    private static boolean describes(Fields fields, int field) {
        return fields.named(field, ETAG) || fields.named(field, LAST_MODIFIED) || fields.named(field, EXPIRES);
    }

    /** Reads a list in which commas within quotes do not count. */
    private static int judgeDirectives(int before, byte[] bytes, int from, int to) {
        int flags = before;
        int start = from;
        boolean quoted = false;
        for (int at = from; at <= to; at++) {
            if (at < to && bytes[at] == '"') {
                quoted = !quoted;
            }
            if (at == to || (bytes[at] == ',' && !quoted)) {
                flags = judgeDirective(flags, bytes, start, at);
                start = at + 1;
            }
        }
        return flags;
    }

    private static int judgeDirective(int flags, byte[] bytes, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && CookiePairs.isBlank(bytes[from])) {
            from++;
        }
        while (to > from && CookiePairs.isBlank(bytes[to - 1])) {
            to--;
        }
        if (Octets.equalsIgnoreCase(bytes, from, to, PUBLIC)) {
            return flags | ALLOWED;
        }
        for (byte[] directive : FORBIDDING) {
            if (Octets.equalsIgnoreCase(bytes, from, to, directive)) {
                return flags & ~ALLOWED;
            }
        }
        boolean fresh = begins(bytes, from, to, MAX_AGE) || begins(bytes, from, to, SHARED_MAX_AGE);
        return fresh ? flags | DESCRIBED : flags;
    }

    private static boolean begins(byte[] bytes, int from, int to, byte[] directive) {
        return to - from >= directive.length
                && Octets.equalsIgnoreCase(bytes, from, from + directive.length, directive);
    }
}

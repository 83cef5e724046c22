package io.myelin.http;

import io.myelin.balance.Member;
import io.myelin.metrics.Counters;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.pool.PoolCounter;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyConfig.Mode;
import io.myelin.pool.StickyMember;
import io.myelin.pool.StickyMembers;
import org.jspecify.annotations.Nullable;

/**
 * The part of one exchange that has to do with the cookie that names its member: finds the member in the request, and
 * tells the client in the response who served it. Reused from exchange to exchange.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class Stickiness {
    /*
     * HAProxy's `cookie`. The request: the first cookie of the configured name whose value names a member that is open
     * to its clients decides. An inserted and indirect cookie is taken out of the request, wherever and however often it
     * stands, with the delimiter before it (or behind it, if it is the first), and so are the attributes of RFC 2109
     * that follow it; the bytes of every other cookie stay as they are. A field that is left without cookies is dropped.
     * In a prefixed cookie, everything up to the first tilde is taken out.
     *
     * The response: what a member itself sets under that name is removed, given its prefix, or rewritten; and if another
     * member than the one asked for served the exchange, or the dates in the cookie are old, an inserted cookie is set.
     */
    private static final byte PREFIX_END = '~';
    private static final byte[] PREFIX_END_BYTES = {PREFIX_END};
    private static final byte[] COOKIE = Phrases.ascii("cookie");
    private static final byte[] SET_COOKIE = Phrases.ascii("set-cookie");
    private static final byte[] SET_COOKIE_START = Phrases.ascii("Set-Cookie: ");
    private static final byte[] PRIVATE_LINE = Phrases.ascii("Cache-Control: private\r\n");
    private static final byte[][] OLD_ATTRIBUTES = {
        Phrases.ascii("$version"), Phrases.ascii("$path"), Phrases.ascii("$domain"), Phrases.ascii("$port")
    };

    /** How far in the future a date may be, for clocks that were wrong, before the cookie counts as outdated. */
    private static final long MOST_AHEAD_SECONDS = 86_400;

    private final Clock clock;
    private final CookiePairs pairs = new CookiePairs();
    private @Nullable Member asked;
    private boolean closed;
    private Method method = Method.OTHER;
    private long lastSeenSeconds;
    private long firstSeenSeconds;

    Stickiness(Clock clock) {
        this.clock = clock;
    }

    /**
     * Reads the cookie of a request, and marks what of it members are not to see.
     *
     * @return the member that is to serve the request, {@code null} if the balance policy is to choose one
     */
    @Nullable
    Member onRequest(StickyMembers members, RequestHead head, Counters<PoolCounter> counters) {
        asked = null;
        closed = false;
        method = head.knownMethod();
        lastSeenSeconds = 0;
        firstSeenSeconds = 0;
        Fields fields = head.fields();
        for (int field = 0; field < fields.count(); field++) {
            if (fields.named(field, COOKIE) && fields.keeps(field)) {
                readField(members, fields, field);
            }
        }
        counters.increment(
                asked != null
                        ? PoolCounter.STICKY_HITS
                        : closed ? PoolCounter.STICKY_REDISPATCHES : PoolCounter.STICKY_MISSES);
        return asked;
    }

    private void readField(StickyMembers members, Fields fields, int field) {
        StickyConfig config = members.config();
        boolean hides = config.mode() == Mode.INSERT && config.indirect();
        boolean prefixed = config.mode() == Mode.PREFIX;
        byte[] bytes = fields.bytes();
        int cutTo = fields.valueStart(field);
        boolean found = false;
        boolean removing = false;
        boolean somethingBefore = false;
        boolean keepsCookies = false;
        pairs.beginRequest(bytes, cutTo, fields.valueEnd(field));
        while (pairs.advance()) {
            if (pairs.named(members.name())) {
                int end = prefixed ? readPrefixed(fields) : readDated(members, bytes);
                take(members, bytes, end);
                found |= hides;
                removing = hides;
                keepsCookies |= !hides;
            } else if (!isOldAttribute()) {
                removing = false;
                keepsCookies |= !pairs.empty();
            }
            if (removing) {
                cutTo = cut(fields, cutTo, somethingBefore);
            } else {
                somethingBefore = true;
            }
        }
        if (found && !keepsCookies) {
            fields.drop(field);
        }
    }

    /** Cuts the current cookie out with a delimiter; returns up to where. */
    private int cut(Fields fields, int cutTo, boolean somethingBefore) {
        byte[] bytes = fields.bytes();
        int from = Math.max(cutTo, pairs.start());
        int to = pairs.next();
        if (somethingBefore) {
            from = Math.max(cutTo, pairs.start() - 1);
            while (from > cutTo && CookiePairs.isBlank(bytes[from - 1])) {
                from--;
            }
        } else {
            to = pairs.skipBlanks(to + 1);
        }
        if (from < to) {
            fields.edits().cut(from, to);
        }
        return Math.max(from, to);
    }

    private boolean isOldAttribute() {
        for (byte[] attribute : OLD_ATTRIBUTES) {
            if (pairs.namedIgnoringCase(attribute)) {
                return true;
            }
        }
        return false;
    }

    /** Takes {@code MEMBER~} out of the value; returns where the name of the member ends. */
    private int readPrefixed(Fields fields) {
        int end = indexOf(fields.bytes(), PREFIX_END, pairs.valueStart());
        if (end < pairs.valueEnd()) {
            fields.edits().cut(pairs.valueStart(), end + 1);
        }
        return end;
    }

    /**
     * Reads {@code MEMBER|LAST|FIRST}; returns where the name of the member ends, its start if the cookie is too old.
     */
    private int readDated(StickyMembers members, byte[] bytes) {
        int to = pairs.valueEnd();
        int end = indexOf(bytes, CookieDate.DELIMITER, pairs.valueStart());
        if (end < to) {
            readDates(bytes, end + 1, to);
        }
        StickyConfig config = members.config();
        if (config.dated() && outdated(config)) {
            return pairs.valueStart();
        }
        return end;
    }

    private void readDates(byte[] bytes, int from, int to) {
        long last = CookieDate.read(bytes, from, to);
        if (last > 0) {
            lastSeenSeconds = last;
        }
        int second = indexOf(bytes, CookieDate.DELIMITER, from);
        long first = CookieDate.read(bytes, second + 1, to);
        if (first > 0) {
            firstSeenSeconds = first;
        }
    }

    private boolean outdated(StickyConfig config) {
        long now = nowSeconds();
        boolean old = outside(firstSeenSeconds, config.maxLife().toSeconds(), now)
                || outside(lastSeenSeconds, config.maxIdle().toSeconds(), now);
        if (old) {
            firstSeenSeconds = 0;
            lastSeenSeconds = 0;
        }
        return old;
    }

    private static boolean outside(long seconds, long limit, long now) {
        return seconds > 0 && limit > 0 && (now - seconds > limit || seconds - now > MOST_AHEAD_SECONDS);
    }

    private int indexOf(byte[] bytes, byte wanted, int from) {
        int at = from;
        while (at < pairs.valueEnd() && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private void take(StickyMembers members, byte[] bytes, int end) {
        int start = pairs.valueStart();
        StickyMember named = asked != null || start == end ? null : members.find(bytes, start, end);
        if (named == null) {
            return;
        }
        if (named.open()) {
            asked = named.member();
        } else {
            closed = true;
        }
    }

    /**
     * Deals with the cookies of a final response.
     *
     * @param members those of the snapshot that {@code served} was chosen from
     * @param added further field lines of the response
     */
    void onResponse(
            StickyMembers members, ResponseHead head, Member served, Counters<PoolCounter> counters, HeadWriter added) {
        byte[] value = members.valueOf(served);
        if (value == null) {
            return;
        }
        boolean direct = asked == served;
        if (asked != null && !direct) {
            counters.increment(PoolCounter.STICKY_REDISPATCHES);
        }
        StickyConfig config = members.config();
        boolean setByMember = treatOwnCookies(members, head.fields(), value, direct);
        boolean inserts = config.mode() == Mode.INSERT
                && !(setByMember && config.preserve())
                && (!config.postOnly() || method == Method.POST)
                && (!direct || aged(config));
        if (inserts) {
            writeCookie(members, value, added);
            if (config.noCache() && Cacheability.of(method, head)) {
                added.bytes(PRIVATE_LINE);
            }
        }
    }

    /** Returns whether the member set a cookie of the name, which the client gets. */
    private boolean treatOwnCookies(StickyMembers members, Fields fields, byte[] value, boolean direct) {
        boolean set = false;
        for (int field = 0; field < fields.count(); field++) {
            if (fields.named(field, SET_COOKIE) && fields.keeps(field)) {
                pairs.beginResponse(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
                if (pairs.advance() && pairs.named(members.name())) {
                    set = treatOwnCookie(members.config(), fields, field, value, direct);
                }
            }
        }
        return set;
    }

    private boolean treatOwnCookie(StickyConfig config, Fields fields, int field, byte[] value, boolean direct) {
        if (config.preserve()) {
            return true;
        }
        if (config.mode() == Mode.INSERT || (config.indirect() && direct)) {
            fields.drop(field);
            return false;
        }
        if (config.mode() == Mode.REWRITE) {
            fields.edits().replace(pairs.valueStart(), pairs.valueEnd(), value);
        } else if (config.mode() == Mode.PREFIX) {
            fields.edits().replace(pairs.valueStart(), pairs.valueStart(), value);
            fields.edits().replace(pairs.valueStart(), pairs.valueStart(), PREFIX_END_BYTES);
        }
        return true;
    }

    /** Returns whether a cookie that names the right member is to be set anew because of its dates. */
    private boolean aged(StickyConfig config) {
        boolean idles = !config.maxIdle().isZero() || lastSeenSeconds > 0;
        boolean stale = idles && (lastSeenSeconds == 0 || lastSeenSeconds < nowSeconds());
        boolean lives = !config.maxLife().isZero();
        return stale || (lives ? firstSeenSeconds == 0 : firstSeenSeconds > 0);
    }

    private void writeCookie(StickyMembers members, byte[] value, HeadWriter added) {
        StickyConfig config = members.config();
        added.bytes(SET_COOKIE_START);
        added.bytes(members.name());
        added.one((byte) '=');
        added.bytes(value);
        if (config.dated()) {
            long now = nowSeconds();
            CookieDate.write(now, added);
            if (!config.maxLife().isZero()) {
                CookieDate.write(firstSeenSeconds == 0 ? now : firstSeenSeconds, added);
            }
        }
        added.bytes(members.attributes());
        added.crlf();
    }

    private long nowSeconds() {
        return clock.wallMillis() / 1_000;
    }
}

package io.myelin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which trailer fields of one message travel on.
 *
 * <p>A recipient may treat a trailer field like one of the head, behind the back of whoever decided by the head. So the
 * fields that control how a message is framed, routed, modified, authenticated, answered or interpreted end here (RFC
 * 9110 section 6.5.1), and so do those by which proxies tell where a request came from. The others, such as checksums
 * and the outcome of a call, are forwarded if the recipient is known to take trailers: a client that says so (section
 * 10.1.4), a member whose request announces them (section 6.6.2).
 *
 * @param announced the only names that may travel, {@code null} if any may
 * @param nominated the names that {@code Connection} keeps to one connection
 */
record TrailerRules(@Nullable Set<String> announced, Set<String> nominated) {
    private static final Set<String> FORBIDDEN = Set.of(
            "age",
            "authentication-info",
            "authorization",
            "cache-control",
            "connection",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-length",
            "content-location",
            "content-range",
            "content-security-policy",
            "content-type",
            "cookie",
            "cookie2",
            "date",
            "expect",
            "expires",
            "forwarded",
            "from",
            "front-end-https",
            "host",
            "http2-settings",
            "keep-alive",
            "location",
            "max-forwards",
            "origin",
            "pragma",
            "prefer",
            "range",
            "referer",
            "refresh",
            "retry-after",
            "set-cookie",
            "set-cookie2",
            "strict-transport-security",
            "te",
            "trailer",
            "transfer-encoding",
            "true-client-ip",
            "upgrade",
            "user-agent",
            "vary",
            "via",
            "warning",
            "www-authenticate",
            "x-client-ip",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "x-original-url",
            "x-real-ip",
            "x-request-id",
            "x-rewrite-url");

    private static final List<String> FORBIDDEN_BEGINNINGS =
            List.of("accept", "access-control-", "if-", "proxy-", "sec-", "x-forwarded-", "x-myelin-");

    TrailerRules {
        announced = announced == null ? null : Set.copyOf(announced);
        nominated = Set.copyOf(nominated);
    }

    /**
     * Returns what holds for a message that names its trailer fields in its head, {@code null} if none of them travels.
     */
    static @Nullable TrailerRules ofAnnounced(Fields fields) {
        Set<String> nominated = names(fields, FieldName.CONNECTION);
        Set<String> announced = names(fields, FieldName.TRAILER);
        announced.removeIf(name -> forbids(name) || nominated.contains(name));
        return announced.isEmpty() ? null : new TrailerRules(announced, nominated);
    }

    /** Returns what holds for a response to a client that takes trailers. */
    static TrailerRules ofResponse(Fields fields) {
        return new TrailerRules(null, names(fields, FieldName.CONNECTION));
    }

    /** Returns whether a field of that name, in lower case, travels on. */
    boolean forwards(String name) {
        return (announced == null || announced.contains(name)) && !nominated.contains(name) && !forbids(name);
    }

    private static boolean forbids(String name) {
        if (FORBIDDEN.contains(name)) {
            return true;
        }
        for (String beginning : FORBIDDEN_BEGINNINGS) {
            if (name.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /** Writes the line that announces what travels, if the message names it. */
    void writeAnnouncement(Fields fields, HeadWriter out) {
        Set<String> named = names(fields, FieldName.TRAILER);
        named.removeIf(name -> !forwards(name));
        if (!named.isEmpty()) {
            out.bytes(Phrases.ascii("Trailer: " + String.join(", ", named) + "\r\n"));
        }
    }

    /** Returns the names that the fields called {@code list} enumerate, in lower case and in order. */
    private static Set<String> names(Fields fields, FieldName list) {
        if (!fields.has(list)) {
            return new HashSet<>(0);
        }
        Set<String> names = new LinkedHashSet<>();
        for (int field = 0; field < fields.count(); field++) {
            if (fields.name(field) == list) {
                int from = fields.valueStart(field);
                String value = new String(fields.bytes(), from, fields.valueEnd(field) - from, ISO_8859_1);
                for (String name : value.split(",", -1)) {
                    addName(name.strip().toLowerCase(Locale.ROOT), names);
                }
            }
        }
        return names;
    }

    private static void addName(String name, Set<String> names) {
        if (!name.isEmpty() && name.chars().allMatch(c -> c < 0x80 && Octets.isToken((byte) c))) {
            names.add(name);
        }
    }
}

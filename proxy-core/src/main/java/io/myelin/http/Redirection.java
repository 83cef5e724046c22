package io.myelin.http;

import java.util.Set;

/**
 * Tells a client to go elsewhere.
 *
 * @param kind how {@code value} and the request make up where
 * @param status 301, 302, 303, 307 or 308
 * @param dropQuery whether the query is left out of where it goes
 * @param appendSlash whether where it goes ends in a slash if it would not
 * @param cookie the value of a Set-Cookie field, empty for none
 */
public record Redirection(Kind kind, Template value, int status, boolean dropQuery, boolean appendSlash, String cookie)
        implements HttpAction {
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final byte[] LOCATION = Phrases.ascii("Content-Length: 0\r\nLocation: ");
    private static final byte[] NO_CACHE = Phrases.ascii("Cache-Control: no-cache\r\n");
    private static final byte[] COOKIE = Phrases.ascii("Set-Cookie: ");

    /** How the place to go is made up. */
    public enum Kind {
        /** The value is the place. */
        LOCATION,
        /** The request target follows the value; a value of nothing but a slash counts as empty. */
        PREFIX,
        /** Host and request target stay, the value is the scheme. */
        SCHEME
    }

    /** @throws IllegalArgumentException if the status is no redirection, or a text ends a line */
    public Redirection {
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException(status + " is not a redirection");
        }
        byte[] bytes = Phrases.ascii(cookie);
        if (Octets.endOfFieldValue(bytes, 0, bytes.length) != bytes.length) {
            throw new IllegalArgumentException("the cookie has a control character");
        }
    }

    @Override
    public Step apply(RuleRun run) {
        RequestHead request = run.request();
        if (request == null) {
            return Step.NEXT;
        }
        HeadWriter out = run.newAnswer();
        out.bytes(Phrases.STATUS_LINE);
        out.number(status);
        out.one(Octets.SP);
        out.text(phrase());
        out.crlf();
        out.bytes(LOCATION);
        int start = out.length();
        writeLocation(request, run, out);
        if (!out.isFieldValue(start)) {
            return run.malformed();
        }
        out.crlf();
        if (status == 302 || status == 303 || status == 307) {
            out.bytes(NO_CACHE);
        }
        if (!cookie.isEmpty()) {
            out.bytes(COOKIE);
            out.text(cookie);
            out.crlf();
        }
        return run.redirect(status);
    }

    private void writeLocation(RequestHead request, RuleRun run, HeadWriter out) {
        int start = out.length();
        value.write(run, out);
        if (kind == Kind.LOCATION) {
            return;
        }
        if (kind == Kind.SCHEME) {
            out.text("://");
            out.text(request.host());
        } else if (out.length() == start + 1 && out.bytes()[start] == '/') {
            out.shorten(start);
        }
        out.text(dropQuery ? request.path() : request.target());
        if (appendSlash && out.bytes()[out.length() - 1] != '/') {
            out.one((byte) '/');
        }
    }

    private String phrase() {
        return switch (status) {
            case 301 -> "Moved Permanently";
            case 303 -> "See Other";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            default -> "Found";
        };
    }
}

package io.myelin.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.httpd.Answer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Who may change something: whoever knows the token; without one, whoever comes to loopback, but for web pages of
 * others, whose requests a browser sends without asking (CSRF) and marks with their origin.
 *
 * @param token {@code null} if none is configured
 */
public record ChangeRule(@Nullable String token) {
    private static final String BEARER = "Bearer ";

    /** Returns the refusal, or {@code null} if the request may be carried out. */
    @Nullable
    Answer check(AdminRequest request, SocketAddress local) {
        return request.reads() ? null : refusal(request.authorization(), request.origin(), request.authority(), local);
    }

    /**
     * Returns whether a change may be carried out that is asked for at {@code local}.
     *
     * @param authorization what the client proves itself with, empty if nothing
     * @param origin of the web page that sent the request, empty if it was none
     * @param authority the host and port that the client addressed
     */
    public boolean admits(String authorization, String origin, String authority, SocketAddress local) {
        return refusal(authorization, origin, authority, local) == null;
    }

    private @Nullable Answer refusal(String authorization, String origin, String authority, SocketAddress local) {
        if (token != null) {
            return bears(authorization, token)
                    ? null
                    : Reply.error(401, "a change needs the token (expected: Authorization: Bearer TOKEN)", "");
        }
        boolean loopback = local instanceof InetSocketAddress address
                && address.getAddress().isLoopbackAddress();
        if (!loopback) {
            return Reply.error(403, "changes are taken on loopback only (expected: MYELIN_ADMIN_TOKEN is set)", "");
        }
        return origin.isEmpty() || origin.endsWith("://" + authority)
                ? null
                : Reply.error(403, "Origin: " + origin + " (expected: none, or " + authority + ")", "");
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "ChangeRule[token=" + (token == null ? "none" : "given") + "]";
    }

    /** Takes equally long wherever the difference is. */
    private static boolean bears(String authorization, String token) {
        return authorization.startsWith(BEARER)
                && MessageDigest.isEqual(
                        authorization.substring(BEARER.length()).getBytes(UTF_8), token.getBytes(UTF_8));
    }
}

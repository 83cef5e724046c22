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
record ChangeRule(@Nullable String token) {
    private static final String BEARER = "Bearer ";

    /** Returns the refusal, or {@code null} if the request may be carried out. */
    @Nullable
    Answer check(AdminRequest request, SocketAddress local) {
        if (request.reads()) {
            return null;
        }
        if (token != null) {
            return bears(request.authorization(), token)
                    ? null
                    : Reply.error(401, "a change needs the token (expected: Authorization: Bearer TOKEN)", "");
        }
        boolean loopback = local instanceof InetSocketAddress address
                && address.getAddress().isLoopbackAddress();
        if (!loopback) {
            return Reply.error(403, "changes are taken on loopback only (expected: MYELIN_ADMIN_TOKEN is set)", "");
        }
        String origin = request.origin();
        return origin.isEmpty() || origin.endsWith("://" + request.authority())
                ? null
                : Reply.error(403, "Origin: " + origin + " (expected: none, or " + request.authority() + ")", "");
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

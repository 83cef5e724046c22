package io.myelin.stats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.config.operator.StatsConfig;
import io.myelin.httpd.Answer;
import io.myelin.httpd.Answers;
import io.myelin.httpd.Body;
import io.myelin.httpd.Ends;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a listener for statistics answers.
 *
 * @param config how the listener is configured now
 */
record StatsAnswers(Supplier<StatsConfig> config, Statistics statistics) implements Answers {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    @Override
    public CompletionStage<Answer> answer(FullHttpRequest request, Ends ends) {
        return CompletableFuture.completedFuture(answer(request));
    }

    private Answer answer(FullHttpRequest request) {
        StatsConfig current = config.get();
        String target = request.uri();
        if (!target.startsWith(current.uri())) {
            return text(404, "unknown path (expected: " + current.uri() + ", or " + current.uri() + ";csv)");
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return text(405, "method: " + request.method() + " (expected: GET or HEAD)")
                    .withHeaders(Map.of("Allow", "GET, HEAD"));
        }
        if (!admits(current, request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
            String realm = current.realm().replaceAll("[\\\\\"\\p{Cntrl}]", "_");
            return text(401, "user and password (expected: those of stats auth)")
                    .withHeaders(Map.of("WWW-Authenticate", "Basic realm=\"" + realm + "\""));
        }
        return statistics(current, StatsQuery.of(target.substring(current.uri().length())));
    }

    @Override
    public Answer error(int status, String message, String target) {
        return text(status, message);
    }

    private Answer statistics(StatsConfig current, StatsQuery asked) {
        StatsQuery query = asked.within(current.scopes());
        if (query.csv()) {
            return new Answer(200, TEXT, statistics.csv(query), Map.of());
        }
        Body page = statistics.page(query, "Statistics Report");
        long refreshSeconds = current.refresh().toSeconds();
        boolean refreshes = query.refresh() && refreshSeconds > 0;
        return new Answer(
                200,
                "text/html; charset=utf-8",
                page,
                refreshes
                        ? Map.of("Refresh", Long.toString(refreshSeconds), "Content-Security-Policy", POLICY)
                        : Map.of("Content-Security-Policy", POLICY));
    }

    private static boolean admits(StatsConfig config, @Nullable String authorization) {
        if (config.users().isEmpty()) {
            return true;
        }
        byte[] shown = String.valueOf(authorization).getBytes(UTF_8);
        boolean known = false;
        for (StatsConfig.User user : config.users()) {
            String pair = user.name() + ":" + user.password();
            String wanted = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
            known |= MessageDigest.isEqual(wanted.getBytes(UTF_8), shown);
        }
        return known;
    }

    private static Answer text(int status, String line) {
        return new Answer(status, TEXT, Body.of(line + "\n"), Map.of());
    }
}

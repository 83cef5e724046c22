package io.myelin.discovery.etcd;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The keys API of version 2. A key is made in order, under a number that etcd chooses, as Nerve makes it.
 *
 * @param client asks
 */
record EtcdV2(EtcdClient client) implements EtcdApi {
    private static final String KEYS = "/v2/keys";
    private static final int GONE = 404;

    @Override
    public CompletionStage<EtcdKey> create(String directory, String value, long ttlSeconds) {
        return client.form("POST", path(directory), form(value, ttlSeconds))
                .thenApply(answer -> new EtcdKey(answer.path("node").path("key").asText(), ""));
    }

    @Override
    public CompletionStage<Boolean> renew(EtcdKey key, String value, long ttlSeconds) {
        return rewrite(key, value, ttlSeconds);
    }

    @Override
    public CompletionStage<Boolean> rewrite(EtcdKey key, String value, long ttlSeconds) {
        return unlessGone(client.form("PUT", path(key.key()), form(value, ttlSeconds) + "&prevExist=true")
                .thenApply(answer -> true));
    }

    @Override
    public CompletionStage<?> delete(EtcdKey key) {
        return unlessGone(client.delete(path(key.key())).thenApply(answer -> true));
    }

    private static CompletableFuture<Boolean> unlessGone(CompletableFuture<Boolean> answer) {
        return answer.exceptionally(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof EtcdException refused && refused.status() == GONE) {
                return false;
            }
            throw new CompletionException(cause);
        });
    }

    private static String path(String key) {
        return KEYS
                + Arrays.stream(key.split("/", -1))
                        .map(part -> encoded(part).replace("+", "%20"))
                        .collect(Collectors.joining("/"));
    }

    private static String form(String value, long ttlSeconds) {
        return "value=" + encoded(value) + "&ttl=" + ttlSeconds;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

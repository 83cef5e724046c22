package io.myelin.discovery.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The JSON gateway of version 3, where a lease keeps a key. The lease's number is the key's last part, which makes it
 * unique.
 *
 * @param client asks
 */
record EtcdV3(EtcdClient client) implements EtcdApi {
    @Override
    public CompletionStage<EtcdKey> create(String directory, String value, long ttlSeconds) {
        ObjectNode grant = object().put("TTL", Long.toString(ttlSeconds));
        return client.json("/v3/lease/grant", grant).thenCompose(granted -> {
            String lease = granted.path("ID").asText();
            EtcdKey key = new EtcdKey(directory + "/" + Long.toHexString(Long.parseLong(lease)), lease);
            return put(key, value).thenApply(done -> key);
        });
    }

    @Override
    public CompletionStage<Boolean> renew(EtcdKey key, String value, long ttlSeconds) {
        return client.json("/v3/lease/keepalive", object().put("ID", key.lease()))
                .thenApply(kept -> kept.path("result").path("TTL").asLong() > 0);
    }

    @Override
    public CompletionStage<Boolean> rewrite(EtcdKey key, String value, long ttlSeconds) {
        return renew(key, value, ttlSeconds)
                .thenCompose(kept -> kept ? put(key, value).thenApply(done -> true) : completed());
    }

    /** Revokes the lease, with which the key goes. */
    @Override
    public CompletionStage<?> delete(EtcdKey key) {
        return renew(key, "", 0)
                .thenCompose(kept -> kept
                        ? client.json("/v3/lease/revoke", object().put("ID", key.lease()))
                                .thenApply(done -> true)
                        : completed());
    }

    private CompletionStage<JsonNode> put(EtcdKey key, String value) {
        return client.json(
                "/v3/kv/put",
                object().put("key", base64(key.key()))
                        .put("value", base64(value))
                        .put("lease", key.lease()));
    }

    private static CompletionStage<Boolean> completed() {
        return CompletableFuture.completedFuture(false);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

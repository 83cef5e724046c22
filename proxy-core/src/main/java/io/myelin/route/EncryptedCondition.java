package io.myelin.route;

/** Holds if the client speaks TLS. */
public record EncryptedCondition() implements Condition {
    @Override
    public boolean holds(RequestView request) {
        return request.encrypted();
    }
}

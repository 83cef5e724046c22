package io.myelin.discovery.kubernetes;

import io.myelin.discovery.fetch.HttpOrigin;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/**
 * An API server as it is reached at one moment.
 *
 * @param tls how it is verified and what it is shown, {@code null} if it is not encrypted
 * @param authorization the value of that field, empty for none; it is in no text
 * @param namespace the one that the access is about, empty if it is about none
 */
record ApiServer(HttpOrigin origin, @Nullable SslContext tls, String authorization, String namespace) {
    @Override
    public String toString() {
        return origin.toString();
    }
}

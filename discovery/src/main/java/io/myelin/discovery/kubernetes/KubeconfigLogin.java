package io.myelin.discovery.kubernetes;

import io.myelin.discovery.fetch.HttpOrigin;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a context of a kubeconfig says.
 *
 * @param tls {@code null} if the server is not encrypted
 * @param authorization what requests say, unless there is a {@code tokenFile}; empty for nothing; it is in no text
 * @param tokenFile whose content is the bearer token, read for each request; {@code null} for none
 * @param namespace empty if it names none
 */
record KubeconfigLogin(
        HttpOrigin origin,
        @Nullable SslContext tls,
        String authorization,
        @Nullable Path tokenFile,
        String namespace) {
    @Override
    public String toString() {
        return origin.toString();
    }
}

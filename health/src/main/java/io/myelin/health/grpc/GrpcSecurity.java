package io.myelin.health.grpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Whether a probe's connection is encrypted, and who must vouch for the server. */
public enum GrpcSecurity {
    /** Plain text. */
    NONE,
    /** TLS with a certificate that authorities which this JDK trusts gave to the server's host. */
    VERIFIED,
    /** TLS with any certificate. */
    ENCRYPTED;

    /** Makes contexts when the first probe of their kind is made: reading the certificates to trust takes a while. */
    private static final class Strict {
        static final SslContext CONTEXT = context(SslContextBuilder.forClient());
    }

    /** The same for those who trust anybody. */
    private static final class Lenient {
        static final SslContext CONTEXT = context(SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(""));
    }

    /** Returns what encrypts, {@code null} for nothing; may read files when it is first asked. */
    @Nullable
    SslContext context() {
        return switch (this) {
            case NONE -> null;
            case VERIFIED -> Strict.CONTEXT;
            case ENCRYPTED -> Lenient.CONTEXT;
        };
    }

    private static SslContext context(SslContextBuilder builder) {
        try {
            return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS of this JDK", e);
        }
    }
}

package io.myelin.health.plugin;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Reads the files of {@link PluginTls}, and those of a listener; blocks on the file system. */
final class PluginTlsContext {
    private PluginTlsContext() {}

    /**
     * Returns what encrypts calls on plugins, {@code null} if they are not.
     *
     * @throws UnusableTlsException if a file is missing or is not what it should be
     */
    static @Nullable SslContext client(@Nullable PluginTls tls) throws UnusableTlsException {
        if (tls == null) {
            return null;
        }
        requireFile("gRPC cert", tls.trust());
        SslContextBuilder builder = GrpcSslContexts.forClient();
        try {
            builder.trustManager(tls.trust().toFile());
        } catch (IllegalArgumentException e) {
            throw unusable("gRPC cert", tls.trust(), "certificates in PEM", e);
        }
        Path certificate = tls.certificate();
        Path key = tls.key();
        if (certificate != null && key != null) {
            identify(builder, certificate, key);
        }
        return build(builder, "gRPC cert " + tls.trust());
    }

    /**
     * Returns what encrypts the connections of a listener.
     *
     * @throws UnusableTlsException if a file is missing or is not what it should be
     */
    static SslContext server(Path certificate, Path key) throws UnusableTlsException {
        requireFile("certificate", certificate);
        requireFile("key", key);
        try {
            return build(GrpcSslContexts.forServer(certificate.toFile(), key.toFile()), "certificate " + certificate);
        } catch (IllegalArgumentException e) {
            throw unusable("certificate and key", certificate, "PEM files that belong together", e);
        }
    }

    private static void identify(SslContextBuilder builder, Path certificate, Path key) throws UnusableTlsException {
        requireFile("gRPC client cert", certificate);
        requireFile("gRPC client key", key);
        try {
            builder.keyManager(certificate.toFile(), key.toFile());
        } catch (IllegalArgumentException e) {
            throw unusable("gRPC client cert and key", certificate, "PEM files that belong together", e);
        }
    }

    private static SslContext build(SslContextBuilder builder, String what) throws UnusableTlsException {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new UnusableTlsException(
                    what + ": " + e.getMessage() + " (expected: PEM files that belong together)");
        }
    }

    private static void requireFile(String what, Path file) throws UnusableTlsException {
        if (!Files.isReadable(file)) {
            throw new UnusableTlsException(what + " not found: " + file);
        }
    }

    private static UnusableTlsException unusable(String what, Path file, String expected, Exception cause) {
        return new UnusableTlsException(
                what + " " + file + ": " + cause.getMessage() + " (expected: " + expected + ")");
    }
}

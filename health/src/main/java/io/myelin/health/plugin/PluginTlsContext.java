package io.myelin.health.plugin;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
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
            throw new UnusableTlsException(
                    "gRPC cert " + tls.trust() + ": " + e.getMessage() + " (expected: certificates in PEM)");
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
        requirePair("certificate", "key", certificate, key);
        return build(GrpcSslContexts.forServer(certificate.toFile(), key.toFile()), "certificate " + certificate);
    }

    private static void identify(SslContextBuilder builder, Path certificate, Path key) throws UnusableTlsException {
        requirePair("gRPC client cert", "gRPC client key", certificate, key);
        builder.keyManager(certificate.toFile(), key.toFile());
    }

    private static void requirePair(String certificateName, String keyName, Path certificate, Path key)
            throws UnusableTlsException {
        requireFile(certificateName, certificate);
        requireFile(keyName, key);
        try {
            if (!KeyOfCertificate.belongs(key, certificate)) {
                throw new UnusableTlsException(
                        keyName + ' ' + key + ": not the key of " + certificate + " (expected: its private key)");
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableTlsException(keyName + ' ' + key + " of " + certificate + ": " + e.getMessage()
                    + " (expected: a certificate in PEM and its private key, PKCS#8 in PEM)");
        }
    }

    private static SslContext build(SslContextBuilder builder, String what) throws UnusableTlsException {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new UnusableTlsException(what + ": " + e.getMessage() + " (expected: PEM files)");
        }
    }

    private static void requireFile(String what, Path file) throws UnusableTlsException {
        if (!Files.isReadable(file)) {
            throw new UnusableTlsException(what + " not found: " + file);
        }
    }
}

package io.myelin.health.plugin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.grpc.netty.GrpcSslContexts;
import io.myelin.pem.CertifiedKey;
import io.myelin.pem.PemException;
import io.myelin.pem.PemText;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Reads the files of {@link PluginTls}; blocks on the file system. */
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

    private static void identify(SslContextBuilder builder, Path certificate, Path key) throws UnusableTlsException {
        CertifiedKey pair = pair("gRPC client cert", "gRPC client key", certificate, key);
        builder.keyManager(pair.key(), pair.chain());
    }

    private static CertifiedKey pair(String certificateName, String keyName, Path certificate, Path key)
            throws UnusableTlsException {
        List<X509Certificate> chain = read(certificateName, certificate, PemText::requireCertificates);
        CertifiedKey pair = new CertifiedKey(chain, read(keyName, key, PemText::requireKey));
        if (!pair.matches()) {
            throw new UnusableTlsException(
                    keyName + ' ' + key + ": not the key of " + certificate + " (expected: its private key)");
        }
        return pair;
    }

    private static <T> T read(String what, Path file, Content<T> content) throws UnusableTlsException {
        requireFile(what, file);
        try {
            return content.of(PemText.of(Files.readString(file, ISO_8859_1)));
        } catch (IOException | PemException e) {
            throw new UnusableTlsException(what + ' ' + file + ": " + e.getMessage());
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

    /** What is wanted of a file. */
    private interface Content<T> {
        T of(PemText text) throws PemException;
    }
}

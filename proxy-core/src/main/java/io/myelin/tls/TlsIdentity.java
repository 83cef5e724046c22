package io.myelin.tls;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener needs to speak TLS, read again when its files change. Connections keep what they began with.
 *
 * <p>Read by event loops, refreshed by the control thread.
 */
@OwnedBy(Owner.CONTROL)
public final class TlsIdentity {
    private static final Logger log = LoggerFactory.getLogger(TlsIdentity.class);

    private final TlsConfig config;
    private volatile SslContext context;
    private List<Object> stamps;

    private TlsIdentity(TlsConfig config, SslContext context, List<Object> stamps) {
        this.config = config;
        this.context = context;
        this.stamps = stamps;
    }

    /**
     * Reads what {@code config} names.
     *
     * @throws MalformedPemException if it cannot be used, with a message for people
     */
    public static TlsIdentity of(TlsConfig config) throws MalformedPemException {
        List<Object> stamps = stamps(config);
        return new TlsIdentity(config, read(config), stamps);
    }

    public TlsConfig config() {
        return config;
    }

    /** Returns the handler that encrypts one more connection; any thread. */
    public ChannelHandler newHandler(ByteBufAllocator allocator) {
        return context.newHandler(allocator);
    }

    /** Reads the files again if they have changed; what cannot be used leaves things as they are. Control thread. */
    public void refresh() {
        List<Object> now = stamps(config);
        if (now.equals(stamps)) {
            return;
        }
        stamps = now;
        try {
            context = read(config);
            log.info("Certificate changed: file={}", config.certificate());
        } catch (MalformedPemException e) {
            log.error(
                    "Certificate not changed, the previous one goes on: file={} error={}",
                    config.certificate(),
                    e.getMessage());
        }
    }

    private static SslContext read(TlsConfig config) throws MalformedPemException {
        try {
            PemFile pem = PemFile.read(PemFile.locate(Path.of(config.certificate())), config.key());
            SslContextBuilder builder = SslContextBuilder.forServer(
                            pem.key(), pem.chain().toArray(X509Certificate[]::new))
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .protocols(config.protocols());
            if (!config.ciphers().isEmpty()) {
                builder.ciphers(config.ciphers(), SupportedCipherSuiteFilter.INSTANCE);
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedPemException(config.certificate() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Returns something that is equal for as long as the files are the same. */
    private static List<Object> stamps(TlsConfig config) {
        List<Object> stamps = new ArrayList<>();
        try {
            Path file = PemFile.locate(Path.of(config.certificate()));
            stamps.add(file);
            for (Path each : List.of(file, PemFile.keyOf(file, config.key()))) {
                if (Files.exists(each)) {
                    BasicFileAttributes attributes = Files.readAttributes(each, BasicFileAttributes.class);
                    stamps.add(attributes.lastModifiedTime());
                    stamps.add(attributes.size());
                    stamps.add(String.valueOf(attributes.fileKey()));
                }
            }
        } catch (IOException | IllegalArgumentException | MalformedPemException e) {
            stamps.add(String.valueOf(e.getMessage()));
        }
        return stamps;
    }
}

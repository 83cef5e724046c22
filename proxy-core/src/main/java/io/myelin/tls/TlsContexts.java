package io.myelin.tls;

import io.myelin.tls.ServerNames.Entry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslX509KeyManagerFactory;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The certificates of one listener, ready to be shown. Immutable, but for the keys of sessions; any thread. */
final class TlsContexts {
    private final List<SslContext> contexts = new ArrayList<>();
    private final List<CertificateStatus> certificates = new ArrayList<>();
    private final ServerNames<SslContext> names;
    private final Map<SslContext, Staple> staples = new HashMap<>();
    private final List<RevocationStatus> revocations;
    private final List<String> flaws = new ArrayList<>();
    private final boolean strict;

    /** Whether it has to be known whom a client wants to speak to. */
    private final boolean choosing;

    /**
     * Creates what is needed to show {@code shown}.
     *
     * @throws MalformedPemException if the engine refuses something of it
     */
    TlsContexts(TlsConfig config, List<ShownCertificate> shown, @Nullable ClientTrust trust)
            throws MalformedPemException {
        revocations = trust == null ? List.of() : trust.revocations();
        List<Entry<SslContext>> entries = new ArrayList<>();
        for (ShownCertificate each : shown) {
            Staple staple = OpenSsl.isOcspSupported() ? each.staple() : null;
            SslContext context = context(config, each.pem(), trust, staple != null);
            contexts.add(context);
            if (staple != null) {
                staples.put(context, staple);
            }
            String flaw = each.flaw();
            if (flaw != null) {
                flaws.add(flaw);
            }
            certificates.add(each.status());
            entries.add(
                    new Entry<>(context, each.names(), each.status().keyType().equals("EC")));
        }
        names = new ServerNames<>(entries);
        strict = config.strictSni();
        choosing = strict || contexts.size() > 1;
    }

    private static SslContext context(TlsConfig config, PemFile pem, @Nullable ClientTrust trust, boolean stapled)
            throws MalformedPemException {
        RsaSigner signer = RsaSigner.of(pem.key());
        SslContextBuilder builder = SslContextBuilder.forServer(signer == null ? ShownKey.factory(pem) : chainOf(pem))
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols(protocols(config))
                .ciphers(Ciphers.forEngine(config.ciphers()), SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(config.sessions().lifetime().toSeconds())
                .sessionCacheSize(config.sessions().cache());
        if (signer != null) {
            builder.option(OpenSslContextOption.PRIVATE_KEY_METHOD, signer);
        }
        if (!config.groups().isEmpty() && OpenSsl.isAvailable()) {
            builder.option(OpenSslContextOption.GROUPS, config.groups().toArray(String[]::new));
        }
        if (stapled) {
            builder.enableOcsp(true);
        }
        if (!config.alpn().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    config.alpn()));
        }
        if (trust != null) {
            builder.trustManager(trust.clients()).clientAuth(trust.mode());
        }
        try {
            SslContext context = builder.build();
            if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
                sessions.setSessionCacheEnabled(config.sessions().cache() > 0);
            }
            return context;
        } catch (SSLException | IllegalArgumentException e) {
            throw new MalformedPemException(pem.file() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Returns the certificates alone, for an engine that has another sign. */
    private static KeyManagerFactory chainOf(PemFile pem) throws MalformedPemException {
        try {
            return OpenSslX509KeyManagerFactory.newKeyless(pem.chain().toArray(X509Certificate[]::new));
        } catch (IOException | GeneralSecurityException e) {
            throw new MalformedPemException(pem.file() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** The engines leave the zero of TLS 1.0 out. */
    private static List<String> protocols(TlsConfig config) {
        return config.protocols().stream()
                .map(protocol -> protocol.equals("TLSv1.0") ? "TLSv1" : protocol)
                .toList();
    }

    List<CertificateStatus> certificates() {
        return certificates;
    }

    /** Returns the lists of clients' certificates that are not good any more. */
    List<RevocationStatus> revocations() {
        return revocations;
    }

    /** Returns why some are shown without what would belong to them. */
    List<String> flaws() {
        return flaws;
    }

    /** Returns whether all that is shown along with certificates is still believed at {@code now}. */
    boolean current(Instant now) {
        return staples.values().stream().allMatch(staple -> staple.current(now));
    }

    /** Makes {@code keys} those of the sessions that clients keep. Control thread. */
    void use(TicketKeys keys) {
        contexts.forEach(keys::giveTo);
    }

    /** Returns the first handler of one more connection. */
    ChannelHandler newHandler(ByteBufAllocator allocator) {
        return choosing ? new ClientHelloHandler(this) : handler(usual(), allocator);
    }

    /** Returns what is shown to who says {@code hello}, {@code null} if nothing is. */
    @Nullable
    SslContext find(ClientHello hello) {
        SslContext found = names.find(hello);
        return found != null || strict ? found : names.usual(hello);
    }

    /** Returns what is shown to who asks for nobody. */
    SslContext usual() {
        return contexts.get(0);
    }

    /** Returns the handler that encrypts; whoever comes behind it minds how long the handshake takes. */
    SslHandler handler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(0);
        Staple staple = staples.isEmpty() ? null : staples.get(context);
        if (staple != null && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            engine.setOcspResponse(staple.response());
        }
        return handler;
    }
}

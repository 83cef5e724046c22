package io.myelin.tls;

import io.myelin.model.Endpoint;
import io.myelin.model.MemberTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * What connections to members need to be encrypted in one way, as its files were at one moment; with the sessions that
 * members let us resume. Safe from any thread.
 */
public final class MemberContext {
    private static final String NAMES_COUNT = "HTTPS";
    private static final String NAMES_DO_NOT_COUNT = "";

    private final MemberTls tls;
    private final @Nullable SslContext context;
    private final String error;
    private final AtomicBoolean current = new AtomicBoolean(true);

    private MemberContext(MemberTls tls, @Nullable SslContext context, String error) {
        this.tls = tls;
        this.context = context;
        this.error = error;
    }

    /** Reads what {@code tls} names; what cannot be used makes a context that is {@link #broken}. */
    static MemberContext of(MemberTls tls) {
        try {
            return new MemberContext(tls, read(tls), "");
        } catch (MalformedPemException e) {
            return new MemberContext(tls, null, String.valueOf(e.getMessage()));
        }
    }

    /** Returns why nothing can be encrypted with it, empty if it can. */
    public String broken() {
        return error;
    }

    /** Returns whether a connection that began with this context is one that {@code wanted} asks for now. */
    public boolean serves(@Nullable MemberTls wanted) {
        return current.get() && tls.equals(wanted);
    }

    /**
     * Returns what encrypts one more connection to {@code endpoint}, {@code null} if the context has been replaced. The
     * caller limits the time of the handshake.
     */
    public @Nullable SslHandler newHandler(ByteBufAllocator allocator, Endpoint endpoint) {
        SslContext source = context;
        if (source == null || !retained(source)) {
            return null;
        }
        try {
            String name = tls.nameOf(endpoint);
            // Netty takes what begins with a slash for no name to ask for.
            String peer = name == null ? "/" + endpoint.address() : name;
            SslHandler handler = source.newHandler(allocator, peer, sessionsOf(endpoint));
            handler.setHandshakeTimeoutMillis(0);
            if (name != null && name.indexOf('.') < 0 && !NetUtil.isValidIpV6Address(name)) {
                askForShortName(handler, name);
            }
            return handler;
        } finally {
            ReferenceCountUtil.release(source);
        }
    }

    private static boolean retained(SslContext source) {
        try {
            ReferenceCountUtil.retain(source);
            return true;
        } catch (IllegalReferenceCountException e) {
            return false;
        }
    }

    private static void askForShortName(SslHandler handler, String name) {
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        handler.engine().setSSLParameters(parameters);
    }

    /** Sessions are kept by name and port: in the place of the port, what tells members of one name apart. */
    private static int sessionsOf(Endpoint endpoint) {
        return (endpoint.address().hashCode() & Integer.MAX_VALUE) | 1;
    }

    /** Begins nothing more; connections that began with it go on. */
    void retire() {
        if (current.getAndSet(false)) {
            ReferenceCountUtil.release(context);
        }
    }

    /**
     * Reads the files that {@code tls} names.
     *
     * @throws MalformedPemException if one cannot be used, with a message for people
     */
    static void readFiles(MemberTls tls) throws MalformedPemException {
        try {
            SslContextBuilder unused = SslContextBuilder.forClient();
            trust(tls, unused);
            introduce(tls, unused);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    private static MalformedPemException unusable(Exception cause) {
        return new MalformedPemException("TLS to members cannot be used: " + cause.getMessage(), cause);
    }

    private static SslContext read(MemberTls tls) throws MalformedPemException {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols(tls.protocols())
                    .endpointIdentificationAlgorithm(comparesNames(tls) ? NAMES_COUNT : NAMES_DO_NOT_COUNT);
            trust(tls, builder);
            introduce(tls, builder);
            if (!tls.ciphers().isEmpty()) {
                builder.ciphers(Ciphers.forEngine(tls.ciphers()), SupportedCipherSuiteFilter.INSTANCE);
            }
            if (!tls.applicationProtocols().isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        tls.applicationProtocols()));
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    private static boolean comparesNames(MemberTls tls) {
        String name = tls.serverName();
        return tls.verify() && (name == null || !name.isEmpty() || tls.verifiedName() != null);
    }

    private static void trust(MemberTls tls, SslContextBuilder builder) throws IOException, MalformedPemException {
        String authorities = tls.authorities();
        if (!tls.verify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (authorities != null) {
            builder.trustManager(PemFile.authorities(Path.of(authorities)));
        }
    }

    private static void introduce(MemberTls tls, SslContextBuilder builder) throws IOException, MalformedPemException {
        String certificate = tls.certificate();
        if (certificate != null) {
            PemFile pem = PemFile.read(PemFile.locate(Path.of(certificate)).get(0), tls.key());
            builder.keyManager(pem.key(), pem.chain().toArray(X509Certificate[]::new));
        }
    }
}

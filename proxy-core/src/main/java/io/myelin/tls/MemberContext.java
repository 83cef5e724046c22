package io.myelin.tls;

import io.myelin.model.Endpoint;
import io.myelin.model.MemberTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final MemberFiles files;
    private final @Nullable SslContext context;
    private final String error;
    private final AtomicBoolean current = new AtomicBoolean(true);

    /** Differs from connection to connection where none may take up the session of another. */
    private final AtomicInteger separate = new AtomicInteger();

    private MemberContext(MemberTls tls, MemberFiles files, @Nullable SslContext context, String error) {
        this.tls = tls;
        this.files = files;
        this.context = context;
        this.error = error;
    }

    /** Reads what {@code tls} names; what cannot be used makes a context that is {@link #broken}. */
    static MemberContext of(MemberTls tls) {
        try {
            MemberFiles files = MemberFiles.read(tls);
            return new MemberContext(tls, files, build(tls, files), "");
        } catch (MalformedPemException e) {
            return new MemberContext(tls, MemberFiles.NONE, null, String.valueOf(e.getMessage()));
        }
    }

    /** Returns what it was made of. */
    public MemberTls tls() {
        return tls;
    }

    /** Returns why nothing can be encrypted with it, empty if it can. */
    public String broken() {
        return error;
    }

    /** Returns what its files said. */
    MemberFiles files() {
        return files;
    }

    /** Returns whether a connection that began with this context is one that {@code wanted} asks for now. */
    public boolean serves(@Nullable MemberTls wanted) {
        return current.get() && tls.equals(wanted);
    }

    /** Returns what encrypts one more connection to {@code endpoint} for which no client says whom to ask for. */
    public @Nullable SslHandler newHandler(ByteBufAllocator allocator, Endpoint endpoint) {
        return newHandler(allocator, endpoint, null);
    }

    /**
     * Returns what encrypts one more connection to {@code endpoint}, {@code null} if the context has been replaced. The
     * caller limits the time of the handshake.
     *
     * @param said whom to ask for according to the client, {@code null} if it does not say it
     */
    public @Nullable SslHandler newHandler(ByteBufAllocator allocator, Endpoint endpoint, @Nullable String said) {
        SslContext source = context;
        if (source == null || !retained(source)) {
            return null;
        }
        try {
            String name = tls.nameOf(endpoint, said);
            boolean asks = tls.asks(said);
            SslHandler handler = source.newHandler(allocator, peer(endpoint, name, asks), sessionsOf(endpoint));
            handler.setHandshakeTimeoutMillis(0);
            if (name == null && comparesNames(tls)) {
                compareNoName(handler);
            } else if (!asks) {
                askForNobody(handler);
            } else if (name != null && name.indexOf('.') < 0 && !NetUtil.isValidIpV6Address(name)) {
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

    /**
     * Engines take what begins with a slash for no name, and what ends in a dot for one to compare and not to ask for.
     */
    private static String peer(Endpoint endpoint, @Nullable String name, boolean asks) {
        if (name == null) {
            return "/" + endpoint.address();
        }
        return asks ? name : name + ".";
    }

    /** The JDK's engine asks for whatever it compares unless it is told otherwise. */
    private static void askForNobody(SslHandler handler) {
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setServerNames(List.of());
        handler.engine().setSSLParameters(parameters);
    }

    /** The client said nothing, and there is nothing else to ask for or to compare with. */
    private static void compareNoName(SslHandler handler) {
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(NAMES_DO_NOT_COUNT);
        handler.engine().setSSLParameters(parameters);
    }

    private static void askForShortName(SslHandler handler, String name) {
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        handler.engine().setSSLParameters(parameters);
    }

    /** Sessions are kept by name and port: in the place of the port, what tells members of one name apart. */
    private int sessionsOf(Endpoint endpoint) {
        int sessions = tls.resumes() ? endpoint.address().hashCode() : separate.incrementAndGet() << 1;
        return (sessions & Integer.MAX_VALUE) | 1;
    }

    /** Begins nothing more; connections that began with it go on. */
    void retire() {
        if (current.getAndSet(false)) {
            ReferenceCountUtil.release(context);
        }
    }

    private static SslContext build(MemberTls tls, MemberFiles files) throws MalformedPemException {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols(tls.protocols())
                    .endpointIdentificationAlgorithm(comparesNames(tls) ? NAMES_COUNT : NAMES_DO_NOT_COUNT);
            files.give(builder);
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
            SslContext built = builder.build();
            if (!tls.resumes() && built.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(false);
            }
            return built;
        } catch (IOException | IllegalArgumentException e) {
            throw MemberFiles.unusable(e);
        }
    }

    private static boolean comparesNames(MemberTls tls) {
        String name = tls.serverName();
        return tls.verify()
                && (name == null || !name.isEmpty() || tls.verifiedName() != null || tls.nameSource() != null);
    }
}

package io.myelin.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.route.TlsFact;
import io.netty.channel.Channel;
import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What a client and its listener agreed on in their handshake. Confined to the connection's event loop. */
public final class TlsSession {
    private static final Map<String, String> MORE_ATTRIBUTES = Map.of("1.2.840.113549.1.9.1", "emailAddress");

    private final SslHandler handler;

    private TlsSession(SslHandler handler) {
        this.handler = handler;
    }

    /** Returns that of {@code channel}, {@code null} if it is not encrypted. */
    public static @Nullable TlsSession of(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler == null ? null : new TlsSession(handler);
    }

    /**
     * Returns what there is to say about {@code fact}, UTF-8 in the lower half of each character; {@code null} if there
     * is nothing.
     *
     * @param attribute of a name, empty for all of it
     */
    public @Nullable String text(TlsFact fact, String attribute) {
        SSLSession session = handler.engine().getSession();
        return switch (fact) {
            case SERVER_NAME -> serverName(session);
            case VERSION -> session.getProtocol();
            case CIPHER -> cipher(session);
            case ALPN -> handler.applicationProtocol();
            case CLIENT_SUBJECT -> name(client(session), true, attribute);
            case CLIENT_ISSUER -> name(client(session), false, attribute);
        };
    }

    private static @Nullable String serverName(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    private static String cipher(SSLSession session) {
        String java = session.getCipherSuite();
        String openSsl = CipherSuiteConverter.toOpenSsl(java, true);
        return openSsl == null ? java : openSsl;
    }

    private static @Nullable X509Certificate client(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? own : null;
        } catch (SSLPeerUnverifiedException ignored) {
            // Nobody asked for one, or the client showed none.
            return null;
        }
    }

    private static @Nullable String name(@Nullable X509Certificate certificate, boolean subject, String attribute) {
        if (certificate == null) {
            return null;
        }
        X500Principal principal =
                subject ? certificate.getSubjectX500Principal() : certificate.getIssuerX500Principal();
        return name(principal, attribute);
    }

    /** Spells a name as OpenSSL does in one line, in the order of the certificate. */
    static @Nullable String name(X500Principal principal, String attribute) {
        StringBuilder text = new StringBuilder();
        try {
            for (Rdn part : new LdapName(principal.getName(X500Principal.RFC2253, MORE_ATTRIBUTES)).getRdns()) {
                String value = String.valueOf(part.getValue());
                if (part.getType().equalsIgnoreCase(attribute)) {
                    return encoded(value);
                }
                text.append('/').append(part.getType()).append('=').append(value);
            }
        } catch (InvalidNameException e) {
            text.append(principal.getName());
        }
        return attribute.isEmpty() ? encoded(text.toString()) : null;
    }

    private static String encoded(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}

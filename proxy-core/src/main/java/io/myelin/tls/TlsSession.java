package io.myelin.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.route.TlsFact;
import io.myelin.route.TlsView;
import io.netty.channel.Channel;
import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What a client and its listener agreed on in their handshake, as it was once that was over. */
public final class TlsSession implements TlsView {
    private static final Map<String, String> MORE_ATTRIBUTES = Map.of("1.2.840.113549.1.9.1", "emailAddress");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** As certificates spell times (RFC 5280, section 4.1.2.5.1). */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");

    private final String version;
    private final String cipher;
    private final @Nullable String serverName;
    private final @Nullable String alpn;
    private final boolean resumed;
    private final @Nullable X509Certificate client;
    /** Spelt out, since that takes a while and every line of a log may want it. */
    private final @Nullable String clientSubject;

    private TlsSession(SslHandler handler) {
        SSLEngine engine = handler.engine();
        SSLSession session = engine.getSession();
        version = session.getProtocol();
        cipher = cipher(session);
        serverName = serverName(session);
        alpn = handler.applicationProtocol();
        resumed = Resumption.of(handler);
        client = engine.getNeedClientAuth() || engine.getWantClientAuth() ? client(session) : null;
        clientSubject = client == null ? null : name(client.getSubjectX500Principal(), "");
    }

    /**
     * Returns that of {@code channel}, whose handshake is over; {@code null} if it is not encrypted. Event loop of the
     * channel only; what is returned may be asked on any thread.
     */
    public static @Nullable TlsSession of(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler == null ? null : new TlsSession(handler);
    }

    @Override
    public @Nullable String text(TlsFact fact, String attribute) {
        return switch (fact) {
            case SERVER_NAME -> serverName;
            case VERSION -> version;
            case CIPHER -> cipher;
            case ALPN -> alpn;
            case RESUMED -> flag(resumed);
            case CLIENT_USED -> flag(client != null);
            case CLIENT_VERIFIED -> "0";
            default -> client == null ? null : text(client, fact, attribute);
        };
    }

    private @Nullable String text(X509Certificate certificate, TlsFact fact, String attribute) {
        return switch (fact) {
            case CLIENT_SUBJECT ->
                attribute.isEmpty() ? clientSubject : name(certificate.getSubjectX500Principal(), attribute);
            case CLIENT_ISSUER -> name(certificate.getIssuerX500Principal(), attribute);
            case CLIENT_SERIAL -> serial(certificate);
            case CLIENT_SHA1 -> fingerprint(certificate);
            case CLIENT_NOT_BEFORE -> time(certificate.getNotBefore().toInstant());
            case CLIENT_NOT_AFTER -> time(certificate.getNotAfter().toInstant());
            default -> null;
        };
    }

    private static String flag(boolean set) {
        return set ? "1" : "0";
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
        String openSsl = CipherSuiteConverter.toOpenSsl(java, false);
        return openSsl == null ? java : openSsl;
    }

    private static @Nullable X509Certificate client(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? own : null;
        } catch (SSLPeerUnverifiedException ignored) {
            // The client showed none.
            return null;
        }
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

    /** Spells the number without the zero that keeps it from being negative, as OpenSSL has it. */
    private static String serial(X509Certificate certificate) {
        byte[] bytes = certificate.getSerialNumber().toByteArray();
        int start = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        return HEX.formatHex(bytes, start, bytes.length);
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was taken has no fingerprint", e);
        }
    }

    private static String time(Instant time) {
        return TIME.format(time.atOffset(ZoneOffset.UTC));
    }
}

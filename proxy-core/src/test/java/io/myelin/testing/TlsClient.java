package io.myelin.testing;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Clients that believe one authority, remember their sessions, and connect to ports of this machine. */
public final class TlsClient {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final SSLContext context;
    private @Nullable String serverName;
    private String @Nullable [] protocols;
    private String @Nullable [] ciphers;
    private String @Nullable [] alpn;

    private TlsClient(SSLContext context) {
        this.context = context;
    }

    /** Returns a client without a certificate. */
    public static TlsClient trusting(TestAuthority authority) throws GeneralSecurityException, IOException {
        return trusting(authority, null);
    }

    /** Returns a client that shows {@code own} when it is asked for a certificate. */
    public static TlsClient trusting(TestAuthority authority, @Nullable X509Bundle own)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry("authority", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : keys(own), trust.getTrustManagers(), null);
        return new TlsClient(context);
    }

    private static KeyManager[] keys(X509Bundle own) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setKeyEntry("own", own.getKeyPair().getPrivate(), PASSWORD, own.getCertificatePath());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        X509ExtendedKeyManager usual = (X509ExtendedKeyManager) keys.getKeyManagers()[0];
        return new KeyManager[] {new Showing(usual)};
    }

    /** Shows the certificate whether or not the listener says that it knows the authority. */
    private static final class Showing extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager keys;

        Showing(X509ExtendedKeyManager keys) {
            this.keys = keys;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.getPrivateKey(alias);
        }
    }

    /** Lets the next connection begin without what was agreed on with earlier ones. */
    public TlsClient forgetting() {
        SSLSessionContext sessions = context.getClientSessionContext();
        for (byte[] id : Collections.list(sessions.getIds())) {
            SSLSession session = sessions.getSession(id);
            if (session != null) {
                session.invalidate();
            }
        }
        return this;
    }

    /** Lets connections from now on ask for {@code name}. */
    public TlsClient asking(String name) {
        serverName = name;
        return forgetting();
    }

    public TlsClient speaking(String... newProtocols) {
        protocols = newProtocols;
        return forgetting();
    }

    public TlsClient using(String... newCiphers) {
        ciphers = newCiphers;
        return forgetting();
    }

    public TlsClient offering(String... newAlpn) {
        alpn = newAlpn;
        return this;
    }

    /** Connects and shakes hands. */
    public SSLSocket connect(int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            if (serverName != null) {
                parameters.setServerNames(List.of(new SNIHostName(serverName)));
            }
            if (protocols != null) {
                parameters.setProtocols(protocols);
            }
            if (ciphers != null) {
                parameters.setCipherSuites(ciphers);
            }
            if (alpn != null) {
                parameters.setApplicationProtocols(alpn);
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects, shakes hands, and leaves the rest to the caller. */
    public RawClient open(int port) throws IOException {
        return RawClient.over(connect(port));
    }

    /** Returns the certificate that is shown to this client. */
    public X509Certificate shown(int port) throws IOException {
        forgetting();
        try (SSLSocket socket = connect(port)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** Returns the subject of the certificate that is shown to this client, such as {@code CN=web}. */
    public String subject(int port) throws IOException {
        return shown(port).getSubjectX500Principal().getName();
    }
}

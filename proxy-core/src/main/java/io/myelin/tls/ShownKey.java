package io.myelin.tls;

import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * One certificate and its key, for an engine that asks for them with each handshake.
 *
 * <p>A key store in between would encrypt the key by a password and decrypt it again, which takes tens of milliseconds.
 */
final class ShownKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";

    private final PemFile pem;

    private ShownKey(PemFile pem) {
        this.pem = pem;
    }

    /** Returns what engines take, which read the key once. */
    static KeyManagerFactory factory(PemFile pem) {
        ShownKey shown = new ShownKey(pem);
        return new OpenSslCachingX509KeyManagerFactory(new Factory(new Spi(shown)));
    }

    private static final class Factory extends KeyManagerFactory {
        Factory(KeyManagerFactorySpi spi) {
            super(spi, null, "own");
        }
    }

    private static final class Spi extends KeyManagerFactorySpi {
        private final ShownKey shown;

        Spi(ShownKey shown) {
            this.shown = shown;
        }

        @Override
        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {
            // The key is there already.
        }

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {
            // The key is there already.
        }

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {shown};
        }
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return ALIAS;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return pem.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return pem.key();
    }
}

package io.myelin.discovery.zookeeper;

import io.myelin.discovery.zookeeper.ZooKeeperTls.Store;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.apache.zookeeper.common.ZKConfig;
import org.jspecify.annotations.Nullable;

/** What ZooKeeper's client is told; a system property that says something else wins, except about TLS. */
final class ClientSettings {
    /**
     * A list of 50,000 names that carry their registrations; the client's own limit of 1 MiB would cut the connection.
     */
    private static final int MAX_ANSWER_BYTES = 16 << 20;

    /** The client's sockets that know TLS. */
    private static final String NETTY_SOCKET = "org.apache.zookeeper.ClientCnxnSocketNetty";

    private ClientSettings() {}

    static ZKClientConfig of(@Nullable ZooKeeperTls tls) {
        ZKClientConfig config = new ZKClientConfig();
        if (config.getProperty(ZKConfig.JUTE_MAXBUFFER) == null) {
            config.setProperty(ZKConfig.JUTE_MAXBUFFER, Integer.toString(MAX_ANSWER_BYTES));
        }
        if (tls != null) {
            encrypt(config, tls);
        }
        return config;
    }

    private static void encrypt(ZKClientConfig config, ZooKeeperTls tls) {
        config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
        config.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, NETTY_SOCKET);
        try (ClientX509Util names = new ClientX509Util()) {
            Store trust = tls.trustStore();
            if (trust != null) {
                config.setProperty(names.getSslTruststoreLocationProperty(), trust.file());
                config.setProperty(names.getSslTruststorePasswdProperty(), trust.password());
            }
            Store key = tls.keyStore();
            if (key != null) {
                config.setProperty(names.getSslKeystoreLocationProperty(), key.file());
                config.setProperty(names.getSslKeystorePasswdProperty(), key.password());
            }
            config.setProperty(names.getSslHostnameVerificationEnabledProperty(), Boolean.toString(tls.verifyHost()));
        }
    }
}

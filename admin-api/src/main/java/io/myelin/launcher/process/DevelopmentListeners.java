package io.myelin.launcher.process;

import io.myelin.config.DevelopmentTls;
import io.myelin.launcher.certificate.DevelopmentCertificate;
import io.myelin.model.Clock;
import io.myelin.server.ProxyConfig;
import io.myelin.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the certificate for development to the listeners that are to show it. Blocks while it is made. */
final class DevelopmentListeners {
    private static final Logger log = LoggerFactory.getLogger(DevelopmentListeners.class);

    private final Clock clock;

    DevelopmentListeners(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns {@code config} with the certificate's file where it was not known. If there is no certificate, the file
     * is not there, and those listeners fail as with any certificate that is missing.
     *
     * @param wanted what the certificate names
     * @param directory where it is kept
     */
    ProxyConfig resolve(ProxyConfig config, DevelopmentTls wanted, Path directory) throws InterruptedException {
        if (!DevelopmentTls.wanted(config.listeners())) {
            return config;
        }
        DevelopmentCertificate certificate = new DevelopmentCertificate(directory, clock);
        try {
            certificate.ensure(wanted.hosts());
        } catch (IOException e) {
            log.error("Development certificate cannot be made: directory={} error={}", directory, e.toString());
        }
        TlsConfig tls = TlsConfig.of(certificate.file().toString(), null);
        return new ProxyConfig(
                config.pools(),
                config.listeners().stream()
                        .map(listener -> DevelopmentTls.resolve(listener, tls))
                        .toList(),
                config.maxConnections(),
                config.rules());
    }
}

package io.myelin.launcher.process;

import io.myelin.health.plugin.PluginConfig;
import io.myelin.health.plugin.PluginRegistry;
import io.myelin.health.plugin.PluginTls;
import io.myelin.health.plugin.UnusableTlsException;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the files read again with which plugins are spoken to over TLS, once they have changed. */
@OwnedBy(Owner.CONTROL)
final class PluginCertificates {
    private static final Logger log = LoggerFactory.getLogger(PluginCertificates.class);

    private final PluginRegistry registry;
    private PluginConfig config;
    private Map<Path, Object> stamps;

    /** Takes note of the files of {@code config}, which {@code registry} goes by. */
    PluginCertificates(PluginRegistry registry, PluginConfig config) {
        this.registry = registry;
        this.config = config;
        this.stamps = FileWatch.stamps(files(config), List.of());
    }

    /** Takes note of the files of another configuration, by which the registry already goes. */
    void follow(PluginConfig next) {
        config = next;
        stamps = FileWatch.stamps(files(next), List.of());
    }

    /** Looks at the files; what cannot be used leaves things as they are. */
    void look() {
        List<Path> files = files(config);
        if (files.isEmpty()) {
            return;
        }
        Map<Path, Object> now = FileWatch.stamps(files, List.of());
        if (now.equals(stamps)) {
            return;
        }
        stamps = now;
        try {
            registry.reconfigure(config);
            log.info("Certificates of plugins read again: files={}", files);
        } catch (UnusableTlsException e) {
            log.error("Certificates of plugins not changed, the previous ones go on: error={}", e.getMessage());
        }
    }

    private static List<Path> files(PluginConfig config) {
        PluginTls tls = config.tls();
        return tls == null
                ? List.of()
                : Stream.of(tls.trust(), tls.certificate(), tls.key())
                        .filter(Objects::nonNull)
                        .toList();
    }
}

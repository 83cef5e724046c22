package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.discovery.zookeeper.ZooKeeperTls;
import io.myelin.discovery.zookeeper.ZooKeeperTls.Store;
import org.jspecify.annotations.Nullable;

/** Reads how connections to an ensemble are encrypted. */
final class ZooKeeperTlsReader {
    private final Problems problems;

    ZooKeeperTlsReader(Problems problems) {
        this.problems = problems;
    }

    /** Returns what {@code tls} says: {@code true}, or a map; {@code null} if connections are not encrypted. */
    @Nullable
    ZooKeeperTls read(Section discovery) {
        if (discovery.node("tls") instanceof Scalar) {
            return discovery.flag("tls", false) ? new ZooKeeperTls(null, null, true) : null;
        }
        Section tls = discovery.section("tls");
        if (tls == null) {
            return null;
        }
        tls.allow(Keys.ZOOKEEPER_TLS);
        return new ZooKeeperTls(store(tls, "trust_store"), store(tls, "key_store"), tls.flag("verify_host", true));
    }

    private @Nullable Store store(Section tls, String key) {
        String file = tls.text(key, "\\S.*\\.(?i:jks|p12|pfx|pem|bcfks)", "a file .jks, .p12, .pfx or .pem");
        String passwordKey = key + "_password";
        String password = tls.text(passwordKey);
        if (file == null) {
            if (password != null && !tls.has(key)) {
                problems.error(tls.whereKey(passwordKey), "opens nothing", key);
            }
            return null;
        }
        return new Store(file, password == null ? "" : password);
    }
}

package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import java.util.List;

/** How a file of Synse's is told from others: it has keys of Synse's and no services. */
final class SynseFile {
    /** What no file of Synse's has. */
    private static final List<String> OF_OTHERS =
            List.of("services", "frontends", "haproxy", "service_conf_dir", "instance_id", "synse");

    private SynseFile() {}

    static boolean is(Mapping document) {
        return OF_OTHERS.stream().allMatch(key -> document.entry(key) == null)
                && document.entries().stream().map(Entry::name).anyMatch(SynseFile::isMeant);
    }

    /** Returns whether the key is Synse's in a file of Synse's. */
    static boolean owns(String key) {
        return SynseKeys.TOP.known().contains(key);
    }

    /** Returns whether the key is Synse's, or a typing mistake of such a one. */
    private static boolean isMeant(String key) {
        return owns(key)
                || (NearestKey.to(key, SynseKeys.TOP.known()) != null
                        && NearestKey.to(key, Keys.TOP.known()) == null
                        && !key.startsWith("x-"));
    }
}

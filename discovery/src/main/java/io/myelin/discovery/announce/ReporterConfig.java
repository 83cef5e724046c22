package io.myelin.discovery.announce;

import java.util.Map;

/** Where an instance is announced, and in which form. Each kind of registry has its own. */
public interface ReporterConfig {
    /** Returns the place, for people, such as {@code zookeeper 10.0.0.1:2181 /nerve/services/web}. */
    String place();

    /** Returns what metrics call the kind of registry, such as {@code zk}. */
    String kind();

    /** Returns the place as tags of metrics, empty if they tell nothing about it. */
    default Map<String, String> tags() {
        return Map.of();
    }
}

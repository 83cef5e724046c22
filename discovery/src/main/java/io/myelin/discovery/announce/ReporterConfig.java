package io.myelin.discovery.announce;

/** Where an instance is announced, and in which form. Each kind of registry has its own. */
public interface ReporterConfig {
    /** Returns the place, for people, such as {@code zookeeper 10.0.0.1:2181 /nerve/services/web}. */
    String place();
}

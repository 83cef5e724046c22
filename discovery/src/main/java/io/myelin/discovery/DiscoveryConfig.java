package io.myelin.discovery;

/**
 * Where the endpoints of one service come from; what it takes to look there belongs to the package of each registry.
 */
public interface DiscoveryConfig {
    /** Only the configured default servers (Synapse's {@code base}). */
    record Fixed() implements DiscoveryConfig {}
}

package io.myelin.discovery.zookeeper;

import io.myelin.model.Clock;

/**
 * What following uses as long as one connection lasts.
 *
 * @param watching how changes are noticed over it
 */
record Connection(Znodes znodes, RegistryThread thread, Watching watching, ZooKeeperCounts counts, Clock clock) {}

/**
 * Endpoints registered under a znode, in the layout of SmartStack's Nerve: reading them, and announcing them.
 *
 * <p>The only package that sees Curator and ZooKeeper. Curator keeps the session; the reads themselves are asynchronous
 * calls to its ZooKeeper client, so that none is ever repeated behind a watcher's back.
 */
@NullMarked
package io.myelin.discovery.zookeeper;

import org.jspecify.annotations.NullMarked;

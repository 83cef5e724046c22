/**
 * Synse's HTTP and WebSocket API over the plugins that are known: the routes, shapes and status codes of Synse Server's
 * API v3.
 *
 * <p>Nothing here waits: what plugins are asked comes back as a stage, and their answers are merged as they arrive.
 */
@NullMarked
package io.myelin.synse;

import org.jspecify.annotations.NullMarked;

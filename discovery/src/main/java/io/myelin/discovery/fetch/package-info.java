/** Registries that are asked over HTTP: a small client, one request on one connection, on a loop that never blocks. */
@NullMarked
package io.myelin.discovery.fetch;

import org.jspecify.annotations.NullMarked;

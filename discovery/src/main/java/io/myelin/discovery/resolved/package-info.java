/** Registries that hold names for hosts: what they deliver is resolved on its way to the pool. */
@NullMarked
package io.myelin.discovery.resolved;

import org.jspecify.annotations.NullMarked;

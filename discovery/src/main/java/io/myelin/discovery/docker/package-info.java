/** Services that run in containers, found by asking Docker's daemons (Synapse's {@code docker}). */
@NullMarked
package io.myelin.discovery.docker;

import org.jspecify.annotations.NullMarked;

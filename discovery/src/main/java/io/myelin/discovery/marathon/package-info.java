/** Services that Marathon runs, found by asking it for the tasks of an application (Synapse's {@code marathon}). */
@NullMarked
package io.myelin.discovery.marathon;

import org.jspecify.annotations.NullMarked;

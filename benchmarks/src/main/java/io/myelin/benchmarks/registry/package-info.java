/** How long a start takes that reads a large registry first. */
@NullMarked
package io.myelin.benchmarks.registry;

import org.jspecify.annotations.NullMarked;

/** A load generator and the servers it can be pointed at. */
@NullMarked
package io.myelin.benchmarks.load;

import org.jspecify.annotations.NullMarked;

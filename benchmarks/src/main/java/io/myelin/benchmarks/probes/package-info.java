/** What liveness and readiness probes cost the process that makes them. */
@NullMarked
package io.myelin.benchmarks.probes;

import org.jspecify.annotations.NullMarked;

/** What the hot paths cost, one benchmark per claim, and the end-to-end benchmarks of the command line. */
@NullMarked
package io.myelin.benchmarks;

import org.jspecify.annotations.NullMarked;

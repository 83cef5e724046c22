/** Turning the measurements of contenders into ratios that a reader can trust. */
@NullMarked
package io.myelin.benchmarks.report;

import org.jspecify.annotations.NullMarked;

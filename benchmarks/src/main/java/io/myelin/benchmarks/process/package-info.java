/** The Myelin that is measured, as a child process. */
@NullMarked
package io.myelin.benchmarks.process;

import org.jspecify.annotations.NullMarked;

/** The command line: what can be typed, what is printed, and the exit codes. */
@NullMarked
package io.myelin.launcher.cli;

import org.jspecify.annotations.NullMarked;

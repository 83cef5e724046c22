/** The wiring of the process: from a configuration to running parts, from there to the next one, and to the end. */
@NullMarked
package io.myelin.launcher.process;

import org.jspecify.annotations.NullMarked;

/** The one thread on which everything that changes is folded together. */
@NullMarked
package io.myelin.control;

import org.jspecify.annotations.NullMarked;

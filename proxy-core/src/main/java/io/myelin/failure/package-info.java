/** The closed list of ways an exchange or a tunnel can fail. */
@NullMarked
package io.myelin.failure;

import org.jspecify.annotations.NullMarked;

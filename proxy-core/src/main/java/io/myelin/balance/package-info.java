/** Choosing one member out of the eligible ones. */
@NullMarked
package io.myelin.balance;

import org.jspecify.annotations.NullMarked;

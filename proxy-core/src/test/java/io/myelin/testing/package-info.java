/** Fixtures that the tests of every module share. */
@NullMarked
package io.myelin.testing;

import org.jspecify.annotations.NullMarked;

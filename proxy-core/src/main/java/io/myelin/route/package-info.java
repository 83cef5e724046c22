/** Saying which pool an exchange belongs to. */
@NullMarked
package io.myelin.route;

import org.jspecify.annotations.NullMarked;

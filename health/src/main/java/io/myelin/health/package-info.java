/** Deciding, from checks, which endpoints may receive traffic. */
@NullMarked
package io.myelin.health;

import org.jspecify.annotations.NullMarked;

/** The configuration of a whole process, and what can be wrong with it. */
@NullMarked
package io.myelin.config;

import org.jspecify.annotations.NullMarked;

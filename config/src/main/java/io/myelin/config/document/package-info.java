/** Files as trees of nodes that know where they stand, and the list of what is wrong with them. */
@NullMarked
package io.myelin.config.document;

import org.jspecify.annotations.NullMarked;

/** Services whose endpoints come from several sources: all of them, or the one that a resolver chooses. */
@NullMarked
package io.myelin.discovery.multi;

import org.jspecify.annotations.NullMarked;

/** Services whose endpoints stand in a file that some other program writes. */
@NullMarked
package io.myelin.discovery.file;

import org.jspecify.annotations.NullMarked;

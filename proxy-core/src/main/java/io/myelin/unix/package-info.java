/** The files by which Unix sockets are known. Its calls block, if only on the file system: not for event loops. */
@NullMarked
package io.myelin.unix;

import org.jspecify.annotations.NullMarked;

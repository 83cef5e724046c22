/** The certificates that listeners show, read from files and read again when those change. */
@NullMarked
package io.myelin.tls;

import org.jspecify.annotations.NullMarked;

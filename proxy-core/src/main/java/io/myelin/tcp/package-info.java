/** Byte-for-byte forwarding between one client and one member. */
@NullMarked
package io.myelin.tcp;

import org.jspecify.annotations.NullMarked;

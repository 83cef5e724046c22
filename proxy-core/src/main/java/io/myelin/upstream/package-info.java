/** Connections to members: opened, kept, reused and retired on the event loop that uses them. */
@NullMarked
package io.myelin.upstream;

import org.jspecify.annotations.NullMarked;

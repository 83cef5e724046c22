/** Event loops and what each of them owns: transport, timers, scratch space. */
@NullMarked
package io.myelin.net;

import org.jspecify.annotations.NullMarked;

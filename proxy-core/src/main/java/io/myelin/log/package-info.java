/** What is told about finished requests and tunnels, and to whom; how it is written is left to others. */
@NullMarked
package io.myelin.log;

import org.jspecify.annotations.NullMarked;

/** Listeners and the embeddable facade that starts, reconfigures, drains and stops them. */
@NullMarked
package io.myelin.server;

import org.jspecify.annotations.NullMarked;

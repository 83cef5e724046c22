/** The runtime socket: HAProxy's commands on Unix sockets, for the tools that speak them. */
@NullMarked
package io.myelin.runtime;

import org.jspecify.annotations.NullMarked;

/** The whole process against real parts: sockets, ZooKeeper servers, files and signals. */
@NullMarked
package io.myelin.endtoend;

import org.jspecify.annotations.NullMarked;

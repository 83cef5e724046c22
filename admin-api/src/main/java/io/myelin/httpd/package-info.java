/** A small HTTP server for operators: what every connection of theirs is held to, on event loops of its own. */
@NullMarked
package io.myelin.httpd;

import org.jspecify.annotations.NullMarked;

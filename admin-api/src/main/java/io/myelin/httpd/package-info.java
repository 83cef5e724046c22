/**
 * A small HTTP server for operators: what every connection of theirs is held to, on event loops of its own, and how
 * answers of any length are sent in little memory.
 */
@NullMarked
package io.myelin.httpd;

import org.jspecify.annotations.NullMarked;

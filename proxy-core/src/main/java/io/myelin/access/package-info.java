/** Which clients may come in, by address alone: pure rules, asked before anything a client sends is understood. */
@NullMarked
package io.myelin.access;

import org.jspecify.annotations.NullMarked;

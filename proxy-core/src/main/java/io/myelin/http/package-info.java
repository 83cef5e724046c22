/** HTTP/1: strict parsing, rebuilding, and the exchange between one request and its response. */
@NullMarked
package io.myelin.http;

import org.jspecify.annotations.NullMarked;

/** Files that are kept for operators' tools and for the next start: last known pools, and endpoints by service. */
@NullMarked
package io.myelin.files;

import org.jspecify.annotations.NullMarked;

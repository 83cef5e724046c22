/** Cases of HTTP/1 on raw sockets, and what any proxy makes of them. */
@NullMarked
package io.myelin.benchmarks.conformance;

import org.jspecify.annotations.NullMarked;

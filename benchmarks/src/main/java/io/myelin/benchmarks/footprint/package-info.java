/** What a running proxy takes of its host: time to start, memory, memory per connection. */
@NullMarked
package io.myelin.benchmarks.footprint;

import org.jspecify.annotations.NullMarked;

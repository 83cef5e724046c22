/** Numbers with one writer and any reader: counters and latency histograms kept per event loop. */
@NullMarked
package io.myelin.metrics;

import org.jspecify.annotations.NullMarked;

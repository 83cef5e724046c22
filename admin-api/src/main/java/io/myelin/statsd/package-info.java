/** Metrics in the form of DogStatsD, under the names that Synapse's dashboards know. */
@NullMarked
package io.myelin.statsd;

import org.jspecify.annotations.NullMarked;

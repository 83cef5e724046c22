/**
 * The replicas of services that this process runs itself: started, watched over, restarted and stopped.
 *
 * <p>One thread, {@code replicas}, owns the state; processes are waited for without blocking it.
 */
@NullMarked
package io.myelin.health.replica;

import org.jspecify.annotations.NullMarked;

/**
 * The life of one instance as its liveness and readiness probes tell it: started, healthy, ready.
 *
 * <p>It does not matter here who runs the instance: {@code health.replica} does for those of this host, somebody else
 * for those that a registry names.
 */
@NullMarked
package io.myelin.health.lifecycle;

import org.jspecify.annotations.NullMarked;

/**
 * Services of Kubernetes, found by following the Endpoints or EndpointSlices that its API server keeps for them: a
 * list, then a watch from where the list ended.
 */
@NullMarked
package io.myelin.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;

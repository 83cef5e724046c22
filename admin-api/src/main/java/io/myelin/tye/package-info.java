/** Tye's HTTP API: what operators see of replicas that run here, and what they do to them. */
@NullMarked
package io.myelin.tye;

import org.jspecify.annotations.NullMarked;

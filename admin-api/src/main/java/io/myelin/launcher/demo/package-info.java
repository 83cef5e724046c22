/** A whole world in one process: a registry, services that come, go and fail, and a proxy in front of them. */
@NullMarked
package io.myelin.launcher.demo;

import org.jspecify.annotations.NullMarked;

/** Services whose only endpoints are the configured default servers. */
@NullMarked
package io.myelin.discovery.fixed;

import org.jspecify.annotations.NullMarked;

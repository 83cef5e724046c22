/** Fixtures for tests with real registries. */
@NullMarked
package io.myelin.discovery.testing;

import org.jspecify.annotations.NullMarked;

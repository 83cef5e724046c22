/** What a source of endpoints is, and the configuration of each kind; one sub-package per registry implements it. */
@NullMarked
package io.myelin.discovery;

import org.jspecify.annotations.NullMarked;

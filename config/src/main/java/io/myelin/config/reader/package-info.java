/** Configuration files read into the model: Myelin's own keys, Synapse's layout, and HAProxy sections inside it. */
@NullMarked
package io.myelin.config.reader;

import org.jspecify.annotations.NullMarked;

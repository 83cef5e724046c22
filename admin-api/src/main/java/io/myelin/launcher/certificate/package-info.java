/** Certificates for development, which the JDK's own program makes. */
@NullMarked
package io.myelin.launcher.certificate;

import org.jspecify.annotations.NullMarked;

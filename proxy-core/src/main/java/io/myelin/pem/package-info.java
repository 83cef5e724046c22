/**
 * Certificates, revocation lists and private keys in PEM, as every tool writes them: listeners, members, registries and
 * plugins name such files. Plain Java that sees nothing of the program, so that every module may read with it.
 */
@NullMarked
package io.myelin.pem;

import org.jspecify.annotations.NullMarked;

/**
 * TLS: what listeners show of themselves, what is asked of members, and the files of both, read again as they change.
 */
@NullMarked
package io.myelin.tls;

import org.jspecify.annotations.NullMarked;

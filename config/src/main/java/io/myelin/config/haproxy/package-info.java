/** HAProxy's configuration dialect, as far as it decides what becomes of traffic. */
@NullMarked
package io.myelin.config.haproxy;

import org.jspecify.annotations.NullMarked;

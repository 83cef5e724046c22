/** Access logs written down: formats, destinations, and the thread between event loops and files. */
@NullMarked
package io.myelin.accesslog;

import org.jspecify.annotations.NullMarked;

/** What operators' tools know of HAProxy: its statistics as CSV and as a page, on listeners of their own. */
@NullMarked
package io.myelin.stats;

import org.jspecify.annotations.NullMarked;

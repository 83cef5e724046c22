/** What the registries have in common that are asked again and again: one event loop for all, pauses and totals. */
@NullMarked
package io.myelin.discovery.polling;

import org.jspecify.annotations.NullMarked;

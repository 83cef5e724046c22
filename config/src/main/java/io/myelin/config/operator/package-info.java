/** What operators and their tools are given beside the admin listener. */
@NullMarked
package io.myelin.config.operator;

import org.jspecify.annotations.NullMarked;

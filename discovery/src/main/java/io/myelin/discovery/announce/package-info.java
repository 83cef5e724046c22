/** What it takes to announce an instance of this host in a registry, apart from any one kind of registry. */
@NullMarked
package io.myelin.discovery.announce;

import org.jspecify.annotations.NullMarked;

/** Announcing in etcd, over the keys API of version 2 and the JSON gateway of version 3. */
@NullMarked
package io.myelin.discovery.etcd;

import org.jspecify.annotations.NullMarked;

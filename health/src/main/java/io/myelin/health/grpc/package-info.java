/** Asks servers by the health checking protocol of gRPC. */
@NullMarked
package io.myelin.health.grpc;

import org.jspecify.annotations.NullMarked;

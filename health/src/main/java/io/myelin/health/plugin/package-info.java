/**
 * Synse plugins: devices behind gRPC, known by the id they give themselves, whose addresses come and go.
 *
 * <p>The only package, with {@code health.grpc}, that sees gRPC. What plugins say on the wire is turned into records
 * here; {@code io.myelin.health.plugin.wire} is generated from {@code plugin.proto}.
 */
@NullMarked
package io.myelin.health.plugin;

import org.jspecify.annotations.NullMarked;

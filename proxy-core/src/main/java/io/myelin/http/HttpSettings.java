package io.myelin.http;

import io.myelin.access.AccessRules;
import io.myelin.log.AccessLog;
import io.myelin.route.RouteTable;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP listener wants of its exchanges; replaced whole when the configuration changes.
 *
 * @param name the listener's name
 * @param routes which pool takes which request
 * @param client limits and times for clients
 * @param clientTimeoutNanos how long a client may stay silent in the middle of a message, 0 for no limit
 * @param access which clients' requests are read, and after which delay; {@code null} for all of them at once
 * @param rules what is done to messages, {@code null} if nothing is
 * @param accessLog where requests are logged, {@code null} for nowhere
 */
public record HttpSettings(
        String name,
        RouteTable routes,
        ClientConfig client,
        long clientTimeoutNanos,
        @Nullable AccessRules access,
        @Nullable RuleTable rules,
        @Nullable AccessLog accessLog) {}

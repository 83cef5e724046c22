package io.myelin.config.operator;

import io.myelin.server.BindAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A listener that shows statistics as HAProxy does.
 *
 * @param name what the configuration calls it
 * @param addresses where it listens, none of them a Unix socket
 * @param uri what the targets of requests begin with
 * @param refresh how often the page asks to be loaded again, {@link Duration#ZERO} for never
 * @param realm what the password is for
 * @param users who may look, empty for everybody
 * @param scopes the proxies that are shown, empty for all
 */
public record StatsConfig(
        String name,
        List<BindAddress> addresses,
        String uri,
        Duration refresh,
        String realm,
        List<User> users,
        Set<String> scopes) {
    /** Somebody who may look. */
    public record User(String name, String password) {
        /** Does not show the password, which would end up in logs. */
        @Override
        public String toString() {
            return name;
        }
    }

    public StatsConfig {
        addresses = List.copyOf(addresses);
        users = List.copyOf(users);
        scopes = Set.copyOf(scopes);
        if (uri.isEmpty()) {
            throw new IllegalArgumentException("stats uri is empty (expected: what targets begin with, such as /)");
        }
    }
}

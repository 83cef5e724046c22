package io.myelin.discovery.zookeeper;

import java.nio.charset.StandardCharsets;

/**
 * A name and a password for ZooKeeper's scheme {@code digest}; its text hides the password.
 *
 * @param user not empty, without a colon
 */
public record DigestAuth(String user, String password) {
    static final String SCHEME = "digest";

    public DigestAuth {
        if (user.isEmpty() || user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user: " + user + " (expected: a name without a colon)");
        }
    }

    byte[] proof() {
        return (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return SCHEME + " " + user;
    }
}

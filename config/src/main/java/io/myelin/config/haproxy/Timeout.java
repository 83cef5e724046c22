package io.myelin.config.haproxy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The times that a {@code timeout} line can set. */
public enum Timeout {
    CONNECT,
    CLIENT,
    SERVER,
    CHECK,
    TUNNEL,
    HTTP_REQUEST,
    HTTP_KEEP_ALIVE,
    QUEUE,
    TARPIT;

    private static final Map<String, Timeout> BY_NAME = Map.of(
            "connect", CONNECT,
            "client", CLIENT,
            "server", SERVER,
            "check", CHECK,
            "tunnel", TUNNEL,
            "http-request", HTTP_REQUEST,
            "http-keep-alive", HTTP_KEEP_ALIVE,
            "queue", QUEUE,
            "tarpit", TARPIT);

    static @Nullable Timeout named(String name) {
        return BY_NAME.get(name);
    }
}

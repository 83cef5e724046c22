package io.myelin.launcher.process;

import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import java.net.InetSocketAddress;
import java.util.Locale;

/** How the process tells people where it listens and where it does not. */
final class Announcement {
    private Announcement() {}

    static String admin(InetSocketAddress address, boolean encrypted) {
        return "admin " + url(address, encrypted);
    }

    /** Returns such as {@code http://127.0.0.1:9901}. */
    static String url(InetSocketAddress address, boolean encrypted) {
        return (encrypted ? "https://" : "http://")
                + new BindAddress(address.getAddress().getHostAddress(), address.getPort());
    }

    /** Returns such as {@code listening web http 127.0.0.1:3213}; over TLS it is {@code https} or {@code tls}. */
    static String listening(ListenerStatus status) {
        BindAddress bound = status.configured().at(status.boundPort());
        String protocol = status.protocol().name().toLowerCase(Locale.ROOT);
        if (status.configured().options().tls() != null) {
            protocol = status.protocol() == Protocol.HTTP ? "https" : "tls";
        }
        return "listening " + status.listener() + " " + protocol + " " + bound;
    }

    /**
     * Returns such as {@code listener web 127.0.0.1:80: address already in use (expected: a free port); the rest runs}.
     */
    static String failed(ListenerStatus status, String error) {
        String hint = error.contains("(expected:") ? "" : " (expected: " + remedy(error) + ")";
        return "listener " + status.listener() + " " + status.configured() + ": " + error + hint
                + "; the rest runs, and a reload tries again";
    }

    static String broken(String service) {
        return "service " + service + ": not started, its configuration cannot be used; the other services run";
    }

    static String unannounced(String service) {
        return "service " + service + ": not announced, its configuration cannot be used; the others are";
    }

    private static String remedy(String error) {
        String text = error.toLowerCase(Locale.ROOT);
        if (text.contains("in use")) {
            return "a free port";
        }
        if (text.contains("denied")) {
            return "a port that this user may bind";
        }
        return "an address of this host";
    }
}

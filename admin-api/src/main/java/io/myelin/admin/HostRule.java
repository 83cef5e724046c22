package io.myelin.admin;

import io.myelin.httpd.Answer;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that a web page smuggles to the loopback listener by resolving a name of its own to 127.0.0.1 (DNS
 * rebinding): over loopback, the addressed host must be {@code localhost} or an IP address.
 */
public final class HostRule {
    private HostRule() {}

    /** Returns whether a request may be answered that addresses {@code authority} and arrived at {@code local}. */
    public static boolean admits(String authority, SocketAddress local) {
        boolean loopback = local instanceof InetSocketAddress address
                && address.getAddress().isLoopbackAddress();
        String host = hostOf(authority).toLowerCase(Locale.ROOT);
        return !loopback || host.equals("localhost") || host.endsWith(".localhost") || isIpAddress(host);
    }

    /** Returns the refusal, or {@code null} if the request may be answered. */
    static @Nullable Answer check(String authority, SocketAddress local) {
        return admits(authority, local)
                ? null
                : Reply.error(403, "Host: " + authority + " (expected: localhost or an IP address)", "");
    }

    private static String hostOf(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']');
            return end < 0 ? authority : authority.substring(1, end);
        }
        int colon = authority.lastIndexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static boolean isIpAddress(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }
}

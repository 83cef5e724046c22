package io.myelin.config.reader;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Set;

/** Where the listeners of bindings listen. */
final class ListenHost {
    static final String LOOPBACK = "127.0.0.1";
    static final String EVERYWHERE = "*";

    private static final Set<String> ALL = Set.of(EVERYWHERE, "0.0.0.0", "::");
    private static final Set<String> LOCAL = Set.of("localhost", LOOPBACK, "::1");

    private ListenHost() {}

    /** Returns whether the host says nothing that other services of this host would have to be told. */
    static boolean isHere(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return ALL.contains(lower) || LOCAL.contains(lower);
    }

    /** Returns whether the text is an IP address. */
    static boolean isAddress(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /**
     * Returns the address to listen on for a binding's {@code host}: that address, every address for the name of a
     * host, by which others are to reach it, and {@code otherwise} if nothing is said.
     */
    static String of(String host, String otherwise) {
        if (host.isEmpty()) {
            return otherwise;
        }
        if (host.equalsIgnoreCase("localhost")) {
            return LOOPBACK;
        }
        return isAddress(host) ? host : EVERYWHERE;
    }
}

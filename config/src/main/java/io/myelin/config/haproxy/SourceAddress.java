package io.myelin.config.haproxy;

import io.myelin.access.AddressRange;
import io.myelin.server.BindAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The address that connections to members come from. */
public final class SourceAddress {
    /** The forms that {@link #parse} knows. */
    public static final String FORMS = "an IP address of this host, or one with a port, such as 10.0.0.1:4000";

    private SourceAddress() {}

    /** Returns the address that {@code text}, an IP literal with or without a port, is, {@code null} if it is none. */
    public static @Nullable InetSocketAddress parse(String text) {
        String host = BindLine.host(text);
        if (host != null && literal(host)) {
            return resolved(host, 0);
        }
        BindAddress address = BindLine.parse(text);
        return address == null || !literal(address.host()) ? null : resolved(address.host(), address.port());
    }

    private static boolean literal(String host) {
        return host.indexOf('/') < 0 && AddressRange.parse(host) != null;
    }

    /** Never asks a resolver: the host is a literal. */
    private static @Nullable InetSocketAddress resolved(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException ignored) {
            // The caller says what was expected.
            return null;
        }
    }
}

package io.myelin.health;

import io.myelin.model.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What {@code http-check send-state} tells endpoints of themselves (HAProxy 2.6's manual, section 4.2), but for weights
 * and counts of connections, which checks know nothing of.
 */
final class ServerState {
    static final String HEADER = "X-Haproxy-Server-State";

    private static final String NODE = hostName();

    private ServerState() {}

    /**
     * Returns the value of the header field.
     *
     * @param progress such as {@code UP 2/3}
     */
    static String of(String progress, String service, Endpoint endpoint) {
        return progress + "; address=" + endpoint.host() + "; port=" + endpoint.port() + "; name=" + service + "/"
                + endpoint.id() + "; node=" + NODE;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host without a name of its own is reachable by this one at least.
            return "localhost";
        }
    }
}
